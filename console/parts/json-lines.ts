/** What has entries. */
export type JsonParent = Readonly<Record<string, unknown>> | readonly unknown[];

/** One visible line of a value. */
export interface JsonLine {
  readonly depth: number;
  readonly key: string;
  readonly value: unknown;
  /** What it is in; names the line together with its key. */
  readonly parent: JsonParent;
  /** How many entries it has, if it can be opened. */
  readonly entries: number | undefined;
}

/** Deeper levels begin closed, and so does what is longer. */
const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 200;

export function isParent(value: unknown): value is JsonParent {
  return typeof value === "object" && value !== null;
}

/** Whether it is open before anybody turns it. */
export function beginsOpen(value: JsonParent, depth: number): boolean {
  return depth < OPEN_DEPTH && (depth === 0 || countOf(value) <= OPEN_ENTRIES);
}

export function countOf(value: JsonParent): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** The lines in sight. `root` holds the value as its only entry; `isOpen` says what is open. */
export function jsonLines(root: JsonParent, isOpen: (value: JsonParent, depth: number) => boolean): readonly JsonLine[] {
  const lines: JsonLine[] = [];
  // A stack of its own: a value may be nested deeper than calls may be.
  const waiting: { readonly parent: JsonParent; readonly keys: readonly string[]; readonly depth: number; next: number }[] = [
    { parent: root, keys: Object.keys(root), depth: 0, next: 0 },
  ];
  for (let level = waiting.at(-1); level !== undefined; level = waiting.at(-1)) {
    const { parent, keys, depth } = level;
    const key = keys[level.next++];
    if (key === undefined) {
      waiting.pop();
      continue;
    }
    const value = valueAt(parent, key);
    const isOpened = isParent(value) && isOpen(value, depth);
    lines.push({ depth, key, value, parent, entries: isParent(value) ? countOf(value) : undefined });
    if (isOpened) waiting.push({ parent: value, keys: Object.keys(value), depth: depth + 1, next: 0 });
  }
  return lines;
}

export function valueAt(parent: JsonParent, key: string): unknown {
  return (parent as Readonly<Record<string, unknown>>)[key];
}

/** Whether two values say the same, their entries in the same order. */
export function sameJson(one: unknown, other: unknown): boolean {
  const waiting: [unknown, unknown][] = [[one, other]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [left, right] = pair;
    if (Object.is(left, right)) continue;
    if (!isParent(left) || !isParent(right) || Array.isArray(left) !== Array.isArray(right)) return false;
    const keys = Object.keys(left);
    const others = Object.keys(right);
    if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) return false;
    for (const key of keys) waiting.push([valueAt(left, key), valueAt(right, key)]);
  }
  return true;
}
