import { api } from "../../../api/client.ts";
import type { Assistant } from "../../../api/types.ts";
import { toast } from "../../../parts/toasts.ts";
import { installWords } from "./install-words.ts";

interface Given {
  readonly key: string;
  readonly version: string | undefined;
  readonly origins: readonly string[];
  readonly said: string;
  readonly before: readonly string[];
  readonly changed: () => void;
}

/** Publishes other allowed websites at once: whoever installs the chat waits for a page of one. */
export async function allowWebsites({ key, version, origins, said, before, changed }: Given): Promise<void> {
  const path = `/assistants/${key}`;
  const answer = await api.patch<Assistant>(path, { allowedOrigins: origins }, version);
  changed();
  const undo = async (): Promise<void> => {
    await api.patch<Assistant>(path, { allowedOrigins: before }, answer.version);
    changed();
  };
  toast(said, { undo });
}

/** The websites with one more; the same list if it is there. */
export function withWebsite(origins: readonly string[], origin: string): readonly string[] {
  return origins.includes(origin) ? origins : [...origins, origin];
}

export function allowedText(origin: string): string {
  return installWords.allowed(origin);
}
