import { folded } from "./folded-text.ts";
import { placeOfTerm, searchTerms } from "./search-terms.ts";

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

const BEFORE = 50;
const LENGTH = 180;

/** The part of a text round the first word that was searched for, with every such word marked. */
export function snippet(original: string, words: string): readonly Piece[] {
  const text = original.normalize("NFC");
  const { text: small, places } = folded(text);
  const hits = placesOf(small, words).map(({ from, to }) => ({ from: places[from]!, to: places[to]! }));
  const first = hits[0]?.from ?? 0;
  const begin = first <= BEFORE ? 0 : wordBefore(text, first - BEFORE);
  const end = text.length - begin <= LENGTH ? text.length : begin + LENGTH;
  const pieces: Piece[] = [];
  const add = (from: number, to: number, hit: boolean): void => {
    const shown = text.slice(from, to).toWellFormed().replaceAll(/\s+/g, " ");
    if (shown !== "") pieces.push({ text: shown, hit });
  };
  if (begin > 0) pieces.push({ text: "…", hit: false });
  let at = begin;
  for (const { from, to } of hits) {
    if (from < at || from >= end) continue;
    add(at, from, false);
    add(from, Math.min(to, end), true);
    at = Math.min(to, end);
  }
  add(at, end, false);
  if (end < text.length) pieces.push({ text: "…", hit: false });
  return pieces;
}

/** Of all words, in order, none over another. */
function placesOf(small: string, words: string): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const term of searchTerms(words))
    for (let at = placeOfTerm(small, term); at !== -1 && found.length < 100; at = placeOfTerm(small, term, at + term.text.length))
      found.push({ from: at, to: at + term.text.length });
  return found.toSorted((left, right) => left.from - right.from);
}

/** No word begins in its middle. */
function wordBefore(text: string, at: number): number {
  const space = text.slice(at, at + BEFORE).search(/\s/);
  return space === -1 ? at : at + space + 1;
}
