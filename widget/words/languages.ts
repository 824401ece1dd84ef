import type { OtherWords } from "./types/words.ts";

/**
 * The languages, by the first part of their BCP 47 tag: to add one, write a folder beside `german/` and name it here.
 * English is not in the list: it is always loaded, and stands in for languages that are missing.
 */
export const LANGUAGES: Readonly<Record<string, () => Promise<OtherWords>>> = {
  de: async () => (await import("./german/words.ts")).german,
};
