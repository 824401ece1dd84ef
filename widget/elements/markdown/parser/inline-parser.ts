import { mailAddress, webAddress } from "./bare-address.ts";
import { matchRuns, type Run } from "./emphasis.ts";
import { ENTITY, entityText } from "./entities.ts";
import { flanksOf } from "./flanking.ts";
import { makeInline, textOf, type Inline } from "./inline.ts";
import { readLinkEnd, type InlineContext, type LinkEnd } from "./link-end.ts";
import { endOf } from "./link-target.ts";

/** What may be a mark; all between is text. */
const MARK = /[\\`*_~[\]!<&\n@]|https?:\/\/|www\./gi;
const ANGLES = /<(?:([a-z][a-z\d+.-]{1,31}:[^\s<>]{0,2048})|([\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)*)|br *\/?)>/iy;
/** One of the pieces at the end of a text that goes on, where more may change what they mean. */
const UNDECIDED_END = /(?:[\s\\`*_~![]|<[^\s<>]* ?|&[#\w]{0,32}|(?<![a-z\d])(?:h\w{0,4}:?\/?|w+))$/i;
const MAY_BE_DOMAIN = /[\w.-]*/y;
const LIKELY = /^[\p{L}\p{N}\p{S}\p{Pd}"'“‘«([`]/u;
/** An address and a little. */
const LONGEST_UNDECIDED = 2100;
/** So much of a bracket is kept back: most numbers of sources are shorter. */
const SHORT_BRACKET = 16;

/** A `[` or `![` that has no partner yet. */
interface Bracket {
  readonly kind: "[" | "![";
  readonly at: number;
}

/** The inlines of a text from some place on. */
export interface ParsedInlines {
  readonly inlines: readonly Inline[];
  /** Nothing that comes later changes what stands before this place in the source. */
  readonly settledAt: number;
}

/**
 * Reads the inlines of `source` from `from` on: CommonMark 0.31.2, chapter 6, without raw HTML, and GFM's
 * strikethrough and addresses. While the text goes on (`isOpen`), what its end may still become is left out, and marks
 * whose partner is likely to come count as if it had.
 */
export function parseInlines(source: string, from: number, isOpen: boolean, context: InlineContext): ParsedInlines {
  return new InlineParser(isOpen ? decidedPart(source, from) : source, from, isOpen, context).parse();
}

function decidedPart(source: string, from: number): string {
  const begin = Math.max(from, source.length - LONGEST_UNDECIDED);
  // Piece by piece: one pattern for all of them could be read in very many ways.
  for (let end = source.slice(begin); ;) {
    const shorter = end.replace(UNDECIDED_END, "");
    if (shorter === end) return source.slice(0, begin) + end;
    end = shorter;
  }
}

class InlineParser {
  readonly #source: string;
  readonly #isOpen: boolean;
  readonly #context: InlineContext;
  readonly #items: (Inline | Run | Bracket)[] = [];
  /** The brackets that have no partner yet, as places in the items. */
  readonly #brackets: number[] = [];
  /** So many of the first of them are around a link: they hold no other. */
  #dead = 0;
  /** Where the plain text began that is not an item yet. */
  #textFrom: number;
  #at: number;
  #escapedAt = -1;
  /** From here on what is drawn may change. */
  #openAt = Number.POSITIVE_INFINITY;
  /** Runs of so many backticks do not come any more. */
  readonly #noBackticks = new Set<number>();

  constructor(source: string, from: number, isOpen: boolean, context: InlineContext) {
    this.#source = source;
    this.#isOpen = isOpen;
    this.#context = context;
    this.#textFrom = from;
    this.#at = from;
  }

  parse(): ParsedInlines {
    const marks = new RegExp(MARK);
    for (;;) {
      marks.lastIndex = this.#at;
      const mark = marks.exec(this.#source);
      if (mark === null) break;
      this.#at = mark.index;
      this.#take(mark[0].charAt(0), mark.index);
    }
    this.#end();
    const { inlines, openAt } = matchRuns(this.#items as (Inline | Run)[], this.#isOpen);
    const settledAt = Math.min(this.#openAt, openAt, this.#source.length);
    const across = inlines.find(({ at, end }) => at < settledAt && end > settledAt);
    return { inlines, settledAt: across?.at ?? settledAt };
  }

  /** Reads what begins with this mark at `at`. Where it is none, it is text, and the next one is looked for. */
  #take(mark: string, at: number): void {
    this.#at += 1;
    switch (mark) {
      case "\\":
        this.#takeBackslash(at);
        break;
      case "`":
        this.#takeCode(at);
        break;
      case "*":
      case "_":
      case "~":
        this.#takeRun(mark, at);
        break;
      case "[":
        this.#openBracket("[", at);
        break;
      case "!":
        if (this.#source[at + 1] === "[") this.#openBracket("![", at);
        break;
      case "]":
        this.#closeBracket(at);
        break;
      case "<":
        this.#takeAngles(at);
        break;
      case "&": {
        const end = endOf(ENTITY, this.#source, at);
        if (end > 0) this.#push(makeInline("text", at, entityText(this.#source.slice(at, end))), end);
        break;
      }
      case "\n":
        this.#takeLineEnd(at);
        break;
      case "@":
        this.#takeMail(at);
        break;
      default:
        this.#takeWeb(at);
    }
  }

  /** Makes an item of the plain text before this place. */
  #flush(to: number): void {
    if (to > this.#textFrom) this.#items.push(makeInline("text", this.#textFrom, this.#source.slice(this.#textFrom, to)));
    this.#textFrom = to;
  }

  /** Adds an item that ends here in the source. */
  #push(item: Inline | Run | Bracket, end: number): void {
    this.#flush(item.at);
    this.#items.push(item);
    this.#at = end;
    this.#textFrom = end;
  }

  #takeBackslash(at: number): void {
    const next = this.#source.charAt(at + 1);
    if (!/[!-/:-@[-`{-~\n]/.test(next)) return;
    this.#flush(at);
    this.#textFrom = at + 1;
    this.#escapedAt = at + 1;
    if (next !== "\n") this.#at += 1;
  }

  #takeLineEnd(at: number): void {
    const text = this.#source.slice(this.#textFrom, at);
    this.#flush(at - text.length + text.trimEnd().length);
    this.#textFrom = at;
    this.#push(makeInline("br", at, ""), at + 1);
  }

  #takeCode(at: number): void {
    const begin = runEnd(this.#source, at);
    this.#at = begin;
    const length = begin - at;
    const runs = /`+/g;
    runs.lastIndex = begin;
    let close: RegExpExecArray | null = null;
    if (!this.#noBackticks.has(length)) {
      do close = runs.exec(this.#source);
      while (close && close[0].length !== length);
    }
    if (close === null) {
      this.#noBackticks.add(length);
      if (!this.#isOpen) return;
      this.#open(at);
    }
    const lines = this.#source.slice(begin, close?.index).replaceAll("\n", " ");
    const isPadded = lines.startsWith(" ") && lines.endsWith(" ") && lines.trim() !== "";
    this.#push(makeInline("code", at, isPadded ? lines.slice(1, -1) : lines), close ? runs.lastIndex : this.#source.length);
  }

  #takeRun(kind: Run["kind"], at: number): void {
    const end = runEnd(this.#source, at);
    this.#at = end;
    const length = end - at;
    const { opens, closes } = flanksOf(this.#source, at, end);
    if ((!opens && !closes) || (kind === "~" && length > 2)) return;
    const isLikely = length <= 3 && (length === 2 || (!closes && kind !== "~")) && LIKELY.test(this.#source.slice(end, end + 2));
    this.#push({ kind, left: length, length, opens, closes, at, from: at, isLikely }, end);
  }

  #takeAngles(at: number): void {
    ANGLES.lastIndex = at;
    const [whole, address, mail] = ANGLES.exec(this.#source) ?? [];
    if (whole === undefined) return;
    const text = address ?? mail;
    this.#push(text === undefined ? makeInline("br", at, "") : makeLink(at, text, mail ? `mailto:${mail}` : text), at + whole.length);
  }

  #takeMail(at: number): void {
    const mail = mailAddress(this.#source, this.#textFrom, at);
    if (this.#isOpen && endOf(MAY_BE_DOMAIN, this.#source, at + 1) === this.#source.length) this.#at = this.#source.length;
    else if (mail) this.#push(makeLink(mail.begin, mail.text, mail.address), mail.end);
  }

  #takeWeb(at: number): void {
    const web = webAddress(this.#source, at, this.#isOpen);
    if (web === "open") this.#hold(at);
    else if (web) this.#push(makeLink(at, web.text, web.address), web.end);
  }

  /** What is drawn from here on may change. */
  #open(at: number): void {
    this.#openAt = Math.min(this.#openAt, at);
  }

  /** Leaves out what comes from here on. */
  #hold(at: number): void {
    this.#flush(at);
    this.#open(at);
    this.#at = this.#source.length;
    this.#textFrom = this.#at;
  }

  #openBracket(kind: Bracket["kind"], at: number): void {
    this.#push({ kind, at }, at + kind.length);
    this.#brackets.push(this.#items.length - 1);
  }

  #closeBracket(at: number): void {
    const place = this.#brackets.at(-1);
    if (place === undefined) return;
    const bracket = this.#items[place] as Bracket;
    const from = bracket.at + bracket.kind.length - 1;
    const isDead = bracket.kind === "[" && this.#brackets.length <= this.#dead;
    const link = isDead ? undefined : readLinkEnd(this.#source, { from, at: at + 1, isOpen: this.#isOpen }, this.#context);
    if (link === "open") {
      this.#hold(at);
      return;
    }
    this.#brackets.pop();
    this.#dead = Math.min(this.#dead, this.#brackets.length);
    if (link) this.#makeLink(place, bracket, link, at);
    else this.#items[place] = makeInline("text", bracket.at, bracket.kind);
  }

  #makeLink(place: number, { kind, at }: Bracket, { target, end }: LinkEnd, textTo: number): void {
    this.#flush(textTo);
    const { inlines } = matchRuns(this.#items.splice(place + 1) as (Inline | Run)[], false);
    this.#at = end;
    this.#textFrom = end;
    if (kind === "![") {
      this.#items[place] = makeInline("img", at, textOf(inlines), target);
      return;
    }
    this.#items[place] = makeInline("a", at, "", { children: inlines.flatMap(withoutLinks), ...target });
    this.#dead = this.#brackets.length;
  }

  /** Makes items of what is left, and settles the brackets that stayed open. */
  #end(): void {
    const { length } = this.#source;
    const lastWord = Math.max(this.#textFrom, this.#source.lastIndexOf(" ") + 1);
    // What comes may be a part of the last word; without its backslash a mark would be one.
    this.#open(lastWord === this.#escapedAt ? lastWord - 1 : lastWord);
    this.#flush(length);
    for (const [index, place] of this.#brackets.entries()) {
      const { at, kind } = this.#items[place] as Bracket;
      this.#items[place] = makeInline("text", at, this.#isOpen ? "" : kind);
      if (!this.#isOpen) continue;
      this.#open(at);
      if (index === this.#brackets.length - 1 && length - at < SHORT_BRACKET) this.#items.length = place;
    }
  }
}

function runEnd(source: string, at: number): number {
  let end = at + 1;
  while (source[end] === source[at]) end += 1;
  return end;
}

function makeLink(at: number, text: string, address: string): Inline {
  return makeInline("a", at, "", { children: [makeInline("text", at, text)], address });
}

function withoutLinks(inline: Inline): readonly Inline[] {
  const children = inline.children.flatMap(withoutLinks);
  return inline.kind === "a" ? children : [{ ...inline, children }];
}
