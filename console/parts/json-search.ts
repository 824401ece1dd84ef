import { isParent, type JsonParent, valueAt } from "./json-lines.ts";

/** An entry whose name or value has the words, and what has to be open for it to be in sight. */
export interface JsonMatch {
  readonly parent: JsonParent;
  readonly key: string;
  readonly inside: readonly JsonParent[];
}

/** More are not counted. */
export const MOST_MATCHES = 1_000;

/**
 * Looks through a value, in capitals or small letters. It yields what was found so far after every `entriesAtOnce`
 * entries, so that whoever asks can let the page breathe.
 */
export function* searchJson(root: JsonParent, words: string, entriesAtOnce = 2_000): Generator<readonly JsonMatch[], readonly JsonMatch[]> {
  const wanted = words.toLowerCase();
  const found: JsonMatch[] = [];
  const inside: JsonParent[] = [];
  const waiting: { readonly parent: JsonParent; readonly keys: readonly string[]; next: number }[] = [
    { parent: root, keys: Object.keys(root), next: 0 },
  ];
  let looked = 0;
  for (let level = waiting.at(-1); level !== undefined && found.length < MOST_MATCHES; level = waiting.at(-1)) {
    const key = level.keys[level.next++];
    if (key === undefined) {
      waiting.pop();
      inside.pop();
      continue;
    }
    const { parent } = level;
    const value = valueAt(parent, key);
    // The numbers of a list are not its words.
    const hasName = !Array.isArray(parent) && key.toLowerCase().includes(wanted);
    if (hasName || (!isParent(value) && String(value).toLowerCase().includes(wanted))) found.push({ parent, key, inside: [...inside] });
    if (isParent(value)) {
      inside.push(value);
      waiting.push({ parent: value, keys: Object.keys(value), next: 0 });
    }
    looked += 1;
    if (looked % entriesAtOnce === 0) yield found;
  }
  return found;
}
