import { ask, collect, type Collected } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import type { RawServer } from "./raw-server.ts";
import type { WireFormat } from "./wire-formats.ts";

export type Piece = Record<string, unknown>;

const TOOLS = ["one", "two", "lookup_order"].map((name) => ({ name, description: "", inputSchema: { type: "object" } }));

/** What comes of these events, asked with three tools: `one`, `two` and `lookup_order`. */
export async function readAnswer(server: RawServer, format: WireFormat, events: readonly string[]): Promise<Collected> {
  server.stream(events);
  const harness = await modelAt(format, server.port);
  const collected = await collect(harness.model, ask("hello", { tools: TOOLS }));
  await harness.close();
  return collected;
}

export const DONE = "data: [DONE]\n\n";

export function json(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** One chunk of OpenAI's format. */
export function delta(value: unknown, finish?: string): string {
  return json({ choices: [{ index: 0, delta: value, ...(finish === undefined ? {} : { finish_reason: finish }) }] });
}

/** The calls of an answer, each as its name and its arguments. */
export function called({ calls }: Collected): unknown[] {
  return calls.map(({ name, argumentsText }) => [name, argumentsText]);
}
