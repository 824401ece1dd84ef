import { isAbbreviation } from "./abbreviations.ts";
import { speakable } from "./speakable.ts";

/** A piece of a text that is said in one go. */
export interface SpokenPiece {
  /** As it was written: all pieces together are the whole text. */
  readonly written: string;
  /** What is said of it. Empty: nothing, as of a block of code. */
  readonly spoken: string;
}

/** The first piece may be a clause of so many characters, so that sound begins soon. */
const FIRST_CHARACTERS = 20;
/** In scripts that write a word with one or two characters. */
const FIRST_DENSE_CHARACTERS = 8;
/** A longer sentence is cut at a clause, or at a word, before this. */
const LONGEST_CHARACTERS = 240;
/** Nothing is waited for longer than this: the end of a link, or of a word. */
const MOST_CHARACTERS = 480;

const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Ends a sentence without a space behind it. */
const DENSE_END = /[。！？｡…][」』）〉》”’"')\]]*$/u;
/** A sign between clauses, with a space behind it where the script has spaces. */
const CLAUSE = /(?<!\d)[,;:،؛–—](?:\s+)(?=\S)|[、，；：](?=\S)/gu;
const FENCE = /^[ \t]*(?:`{3,}|~{3,})/;
/** Begins a line that is a thing of its own: a heading, a list's item, a quote, a row, a fence, or nothing at all. */
const OWN_LINE = /^[ \t]*(?:$|\n|#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|>|\||`{3}|~{3})/;
const OPEN_LINE = /^[ \t]*(?:#{1,6}\s|\||>)/;

/**
 * Cuts text that comes in pieces into sentences. Nothing is lost and nothing is said twice, however the text was cut
 * before.
 */
export class SentenceCutter {
  readonly #segmenter: Intl.Segmenter;
  readonly #language: string | undefined;
  #text = "";
  #begun = false;
  #inCode = false;

  /** `language` such as `de`: what ends a sentence is not the same everywhere. */
  constructor(language?: string) {
    const known = language === undefined ? [] : Intl.Segmenter.supportedLocalesOf([wellFormed(language)]);
    this.#segmenter = new Intl.Segmenter(known, { granularity: "sentence" });
    this.#language = language;
  }

  /** The pieces that this text completes. */
  push(text: string): readonly SpokenPiece[] {
    this.#text += text;
    const pieces: SpokenPiece[] = [];
    for (let end = this.#end(); end > 0; end = this.#end()) pieces.push(this.#take(end));
    return pieces;
  }

  /** Nothing more comes for now, as before a tool is called: what is left is a piece. */
  flush(): readonly SpokenPiece[] {
    const pieces = [...this.push("")];
    if (this.#text !== "") pieces.push(this.#take(this.#text.length));
    return pieces;
  }

  #take(end: number): SpokenPiece {
    const written = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    const isFence = FENCE.test(written);
    const spoken = isFence || this.#inCode ? "" : speakable(written);
    if (isFence) this.#inCode = !this.#inCode;
    this.#begun ||= spoken !== "";
    return { written, spoken };
  }

  /** Where the next piece ends; 0: not yet. */
  #end(): number {
    if (this.#inCode || FENCE.test(this.#text)) return this.#text.indexOf("\n") + 1;
    const sentence = this.#sentenceEnd();
    if (!this.#begun) {
      const clause = this.#clauseEnd(sentence === 0 ? this.#text.length : sentence);
      if (clause > 0) return clause;
    }
    if (sentence > 0 && sentence <= LONGEST_CHARACTERS) return sentence;
    return Math.max(sentence, this.#text.length) > LONGEST_CHARACTERS ? this.#forcedEnd() : 0;
  }

  #sentenceEnd(): number {
    for (const { index, segment } of this.#segmenter.segment(this.#text)) {
      const end = index + segment.length;
      // What follows decides whether it was an end.
      if (end === this.#text.length) return 0;
      if (this.#isEnd(end)) return end;
    }
    return 0;
  }

  #isEnd(end: number): boolean {
    const before = this.#text.slice(0, end);
    const after = this.#text.slice(end);
    if (/^\s/.test(after) || isOpen(before)) return false;
    if (before.endsWith("\n")) return this.#endsLine(before, after);
    if (DENSE_END.test(before)) return true;
    // "Really?" he asked.
    if (!/\s$/.test(before) || /^["'„“«(]?\p{Ll}/u.test(after)) return false;
    const words = before.trimEnd();
    if (/(?:^|\n)[ \t>]*(?:\d{1,3}[.)]|[-*+•])$/.test(words)) return false;
    return !isAbbreviation(words, this.#language);
  }

  /** A line that was wrapped goes on in the next one. */
  #endsLine(before: string, after: string): boolean {
    const line = before.trimEnd();
    if (/\n[ \t]*\n$/.test(before) || /[.!?…:;。！？]["'”’)\]*_]*$/u.test(line)) return true;
    const last = line.slice(line.lastIndexOf("\n") + 1);
    if (OPEN_LINE.test(last)) return true;
    // More of the line has to be there to tell.
    return OWN_LINE.test(after) && /^[ \t]*\S+\s|^[|>]/.test(after);
  }

  /** Of the first clause before `limit` that is long enough. */
  #clauseEnd(limit: number): number {
    const text = this.#text.slice(0, limit);
    const shortest = DENSE.test(text) ? FIRST_DENSE_CHARACTERS : FIRST_CHARACTERS;
    for (const match of text.matchAll(CLAUSE)) {
      const end = match.index + match[0].length;
      if (end >= shortest && !isOpen(text.slice(0, end)) && speakable(text.slice(0, end)).length >= shortest / 2) return end;
    }
    return 0;
  }

  #forcedEnd(): number {
    const text = this.#text.slice(0, LONGEST_CHARACTERS);
    const clauses = [...text.matchAll(CLAUSE)].map((match) => match.index + match[0].length);
    const words = [...text.matchAll(/\s+(?=\S)/g)].map((match) => match.index + match[0].length);
    const end = [clauses.findLast((one) => !isOpen(text.slice(0, one))), words.findLast((one) => !isOpen(text.slice(0, one)))].find(
      (one) => one !== undefined && one > FIRST_CHARACTERS,
    );
    if (end !== undefined) return end;
    return this.#text.length <= MOST_CHARACTERS ? 0 : beforeCharacter(this.#text, MOST_CHARACTERS);
  }
}

/** The same for a stream of text. */
export async function* sentencesOf(text: AsyncIterable<string>, language?: string): AsyncGenerator<SpokenPiece, void> {
  const cutter = new SentenceCutter(language);
  for await (const piece of text) yield* cutter.push(piece);
  yield* cutter.flush();
}

/** Whether a link, a picture or code began that has not ended: half of one cannot be said. */
function isOpen(text: string): boolean {
  if ((text.match(/(?<!\\)`/g)?.length ?? 0) % 2 === 1) return true;
  const link = text.lastIndexOf("[");
  if (link >= 0 && text.length - link < MOST_CHARACTERS) {
    const label = text.indexOf("]", link);
    if (label < 0) return true;
    if (text[label + 1] === "(" && !text.slice(label).includes(")")) return true;
  }
  return text.lastIndexOf("<http") > text.lastIndexOf(">");
}

/** Not between the two halves of a character. */
function beforeCharacter(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd8_00 && code <= 0xdb_ff ? end - 1 : end;
}

function wellFormed(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en";
  } catch {
    return "en";
  }
}
