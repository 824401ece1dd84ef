import { foldedText } from "./folded-text.ts";

/** One word of a search, folded as texts are. */
export interface Term {
  readonly text: string;
  /** Any part of a word: three characters or more. A shorter one has to begin a word, but for scripts without spaces. */
  readonly isPart: boolean;
}

/** A search of more words than this has been pasted by mistake. */
const MOST_TERMS = 20;
const LETTER = /[\p{L}\p{N}]/u;
const SPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The words of a search. None of their characters is a command: not quotes, not a minus, not `NOT`. */
export function searchTerms(words: string): readonly Term[] {
  const texts = words.split(/\s+/u).map(foldedText);
  return [...new Set(texts)]
    .filter((text) => text !== "")
    .slice(0, MOST_TERMS)
    .map((text) => ({ text, isPart: Array.from(text).length >= 3 }));
}

/** What of a part the index of three letters can look up: to LIKE, a percent sign and an underscore are any character. */
export function lookedUp(part: string): readonly string[] {
  return part.split(/[%_]/u).filter((piece) => Array.from(piece).length >= 3);
}

/** Whether the words can be looked up at all: mere punctuation is found nowhere. */
export function canBeFound(terms: readonly Term[]): boolean {
  return terms.some(({ text, isPart }) => isPart || LETTER.test(text));
}

/** Where a term is in a folded text, from `from` on; -1: nowhere. */
export function placeOfTerm(text: string, { text: term, isPart }: Term, from = 0): number {
  for (let at = text.indexOf(term, from); at !== -1; at = text.indexOf(term, at + 1)) {
    if (isPart || SPACED.test(term) || at === 0 || !LETTER.test(text[at - 1]!)) return at;
  }
  return -1;
}

/** Whether a folded text has all of them. */
export function hasAll(text: string, terms: readonly Term[]): boolean {
  return terms.every((term) => placeOfTerm(text, term) !== -1);
}
