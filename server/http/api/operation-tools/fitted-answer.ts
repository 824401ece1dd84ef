/** Short texts are names and ids: an answer in which they are cut leads nowhere. */
const SHORT_CHARACTERS = 100;
/** Less room than this is worth nothing. Of a list or an object, what would have less is left out. */
const LEAST_CHARACTERS = 200;

/**
 * An answer in no more than about so many characters of JSON. What is small stays whole; what is large is cut: texts at
 * their end, long names, and values inside of one another where nothing else helps. `isCut`: something is missing.
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
  const all = Object.entries(value).map(([name, entry]) => ({ name: cut(name, SHORT_CHARACTERS), entry }));
  const sizes = all.map(({ name, entry }) => sizeOf(name) + 2 + sizeOf(entry));
  const count = countOf(sizes, characters);
  const share = shareOf(sizes.slice(0, count), characters);
  const parts = all.slice(0, count).map(({ name, entry }) => [name, fitted(entry, Math.max(0, share - sizeOf(name) - 2))] as const);
  const rest = count === all.length ? [] : [["…", `[left out: ${all.length - count} more]`] as const];
  return Array.isArray(value) ? [...parts, ...rest].map(([, part]) => part) : Object.fromEntries([...parts, ...rest]);
}

/** How many there is room for, if each is cut as far as it may be. */
function countOf(sizes: readonly number[], characters: number): number {
  let left = characters;
  const at = sizes.findIndex((size) => (left -= Math.min(size, LEAST_CHARACTERS)) < 0);
  return at === -1 ? sizes.length : at;
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
  if (sizeOf(text) <= SHORT_CHARACTERS) return text;
  const most = Math.max(SHORT_CHARACTERS, characters - 40);
  let kept = text.slice(0, most);
  // JSON writes some characters longer than they are.
  for (let size = sizeOf(kept); size > most + 2; size = sizeOf(kept)) kept = kept.slice(0, Math.floor((kept.length * most) / size));
  kept = kept.replace(/[\uD800-\uDBFF]$/, "");
  return kept.length === text.length ? text : `${kept} … [cut: ${text.length - kept.length} characters more]`;
}

function sizeOf(value: unknown): number {
  return (JSON.stringify(value) ?? "").length;
}
