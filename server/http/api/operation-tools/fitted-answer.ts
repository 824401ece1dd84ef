/** Short texts are names and ids: an answer in which they are cut leads nowhere. */
const SHORT_CHARACTERS = 100;
const LEAST_CHARACTERS = 200;
/** Of a list or an object with more entries than room for so many characters each, the rest is left out. */
const ENTRY_CHARACTERS = 40;

/**
 * An answer in no more than about so many characters of JSON. What is small stays whole; what is large is cut: texts at
 * their end, and values inside of one another where nothing else helps. `isCut`: something is missing.
 */
export function fittedAnswer(answer: unknown, characters: number): { readonly value: unknown; readonly isCut: boolean } {
  const isCut = sizeOf(answer) > characters;
  return { value: isCut ? fitted(answer, characters) : answer, isCut };
}

function fitted(value: unknown, characters: number): unknown {
  const size = sizeOf(value);
  if (size <= characters) return value;
  if (typeof value === "string") return cut(value, characters);
  if (typeof value !== "object" || value === null) return value;
  if (characters < LEAST_CHARACTERS) return `[left out: ${size} characters]`;
  const all = Object.entries(value);
  const entries = all.slice(0, Math.floor(characters / ENTRY_CHARACTERS));
  const missing = all.length - entries.length;
  const share = shareOf(
    entries.map(([key, entry]) => key.length + 4 + sizeOf(entry)),
    characters,
  );
  const parts = entries.map(([key, entry]) => [key, fitted(entry, Math.max(0, share - key.length - 4))] as const);
  const rest = missing === 0 ? [] : [["…", `[left out: ${missing} more]`] as const];
  return Array.isArray(value) ? [...parts, ...rest].map(([, part]) => part) : Object.fromEntries([...parts, ...rest]);
}

/** How much each may have at most, so that all together fit. */
function shareOf(sizes: readonly number[], characters: number): number {
  const sorted = sizes.toSorted((one, other) => one - other);
  let left = characters;
  for (const [index, size] of sorted.entries()) {
    const share = left / (sorted.length - index);
    if (size > share) return Math.floor(share);
    left -= size;
  }
  return characters;
}

function cut(text: string, characters: number): string {
  if (text.length <= SHORT_CHARACTERS) return text;
  const kept = text.slice(0, Math.max(SHORT_CHARACTERS, characters - 40)).replace(/[\uD800-\uDBFF]$/, "");
  return `${kept} … [cut: ${text.length - kept.length} characters more]`;
}

function sizeOf(value: unknown): number {
  return (JSON.stringify(value) ?? "").length;
}
