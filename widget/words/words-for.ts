import { english } from "./english/words.ts";
import { LANGUAGES } from "./languages.ts";
import type { Words } from "./types/words.ts";

/**
 * The words for a BCP 47 tag: at once where they are here already (English is, and stands in for unknown languages),
 * otherwise as a promise.
 */
export function wordsFor(tag: string): Words | Promise<Words> {
  const load = LANGUAGES[tag.toLowerCase().split("-")[0] ?? ""];
  return load === undefined ? english : load().catch(() => english);
}
