/** Where a text stops being JSON: line and column, without the text itself, which may contain secrets. */
export function jsonFault(text: string, error: unknown): string {
  if (text.trim() === "") return "the file: found nothing, expected a JSON object";
  const message = error instanceof Error ? error.message : "";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "the file: found text that is not JSON, or that ends too early, expected JSON";
  const before = text.slice(0, Number(position));
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  const hint = /,\s*$/.test(before) ? " (one comma too many before it?)" : "";
  return `line ${line}, column ${column}: found something that is not JSON${hint}, expected JSON without comments`;
}
