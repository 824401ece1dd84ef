/**
 * The text of a chunk of Chat Completions that says nothing but text, as nearly all do; undefined for any other, which
 * the schema reads. Parsing each with the schema makes as much garbage as everything else that a token needs.
 */
export function plainChatText(chunk: unknown): string | undefined {
  if (!isObject(chunk) || isThere(chunk["error"]) || isThere(chunk["usage"])) return undefined;
  const choices = chunk["choices"];
  if (!Array.isArray(choices) || choices.length !== 1) return undefined;
  const choice: unknown = choices[0];
  if (!isObject(choice) || isThere(choice["finish_reason"]) || isThere(choice["message"]) || (choice["index"] ?? 0) !== 0) return undefined;
  const delta = choice["delta"];
  if (!isObject(delta)) return undefined;
  for (const name in delta) if (name !== "content" && name !== "role" && isThere(delta[name])) return undefined;
  const content = delta["content"];
  return typeof content === "string" ? content : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
