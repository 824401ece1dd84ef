import { api, type Page } from "../api/client.ts";
import type { Assistant } from "../api/types.ts";

/** What assistants are called, by their keys. */
export async function assistantNames(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { body } = await api.get<Page<Assistant>>("/assistants", { query: { limit: 200 }, signal });
  return new Map(body.items.map(({ key, name }) => [key, name]));
}
