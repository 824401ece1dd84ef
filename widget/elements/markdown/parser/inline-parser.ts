import { mailAddress, webAddress } from "./bare-address.ts";
import { depthOf, matchRuns, textPiece, type Piece, type Run } from "./emphasis.ts";
import { entityText } from "./entities.ts";
import { flanksOf } from "./flanking.ts";
import { textOf, type Inline } from "./inline.ts";
import { readLinkEnd, type LinkEnd } from "./link-end.ts";
import { endOf } from "./link-target.ts";
import type { References } from "./references.ts";

/** What may be a mark; all between is text. */
const MARK = /[\\`*_~[\]!<&\n@]|https?:\/\/|www\./gi;
const ENTITY = /&(?:#x[\da-f]{1,6}|#\d{1,7}|[a-z][a-z\d]{1,31});/iy;
const ANGLES = /<(?:([a-z][a-z\d+.-]{1,31}:[^\s<>]{0,2048})|([\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)*)|br *\/?)>/iy;
/** The end of a text that goes on, where more may change what it means. */
const UNDECIDED_END = /(?:[\s\\`*_~![]|<(?:[a-z/][^\s<>]{0,2048}|br *\/?)?|&[#\w]{0,32}|(?<![a-z\d])(?:h(?:t(?:tp?|tps:?\/?|tp:\/?)?)?|w{1,3}))+$/i;
const MAY_BE_DOMAIN = /[\w.-]*/y;
const LIKELY = /[\p{L}\p{N}\p{S}\p{Emoji}"'“‘«([`]/u;
/** An address and a little. */
const LONGEST_UNDECIDED = 2100;
/** So much of a bracket is kept back: most numbers of sources are shorter. */
const SHORT_BRACKET = 16;

/** A `[` or `![` that has no partner yet. */
interface Bracket {
  readonly kind: "bracket";
  readonly isImage: boolean;
  readonly at: number;
  /** Not inside a link, which holds no other. */
  isActive: boolean;
}

type Item = Piece | Run | Bracket;

/** The inlines of a text from some place on. */
export interface ParsedInlines {
  readonly inlines: readonly Inline[];
  /** Nothing that comes later changes what stands before this place in the source, ... */
  readonly settledAt: number;
  /** ... which are these, the first of them. */
  readonly settled: readonly Inline[];
}

/** What a parse needs besides the text. */
export interface InlineContext {
  readonly references: References;
  /** Is told each label that no definition has yet. */
  readonly miss: (label: string) => void;
}

/**
 * Reads the inlines of `source` from `from` on: CommonMark 0.31.2, chapter 6, without raw HTML, and GFM's
 * strikethrough and addresses. While the text goes on (`isOpen`), what its end may still become is left out, and marks
 * whose partner is likely to come count as if it had.
 */
export function parseInlines(source: string, from: number, isOpen: boolean, context: InlineContext): ParsedInlines {
  const undecided = isOpen ? (UNDECIDED_END.exec(source.slice(-LONGEST_UNDECIDED))?.[0].length ?? 0) : 0;
  const decided = undecided === 0 ? source : source.slice(0, Math.max(from, source.length - undecided));
  return new InlineParser(decided, from, isOpen, context).parse();
}

class InlineParser {
  readonly #source: string;
  readonly #isOpen: boolean;
  readonly #context: InlineContext;
  readonly #items: Item[] = [];
  /** The brackets that have no partner yet, as places in the items. */
  readonly #brackets: number[] = [];
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
      this.#take(mark[0].charAt(0));
    }
    this.#end();
    const { pieces, openAt } = matchRuns(this.#items as (Piece | Run)[], this.#isOpen);
    const undecidedAt = Math.min(this.#openAt, openAt, this.#source.length);
    const across = pieces.find(({ at, end = 0 }) => at < undecidedAt && end > undecidedAt);
    const settledAt = across?.at ?? undecidedAt;
    const settled = pieces.filter(({ at }) => at < settledAt).map((piece) => cutAt(piece, settledAt));
    return { inlines: pieces.map(({ inline }) => inline), settledAt, settled };
  }

  /** Reads what begins with this mark, and goes on behind it. */
  #take(mark: string): void {
    const at = this.#at;
    const next = this.#source.charAt(at + 1);
    switch (mark) {
      case "\\":
        this.#takeBackslash(next);
        return;
      case "`":
        this.#takeCode();
        return;
      case "*":
      case "_":
      case "~":
        this.#takeRun(mark);
        return;
      case "[":
        this.#openBracket(at, false);
        return;
      case "!":
        if (next === "[") this.#openBracket(at, true);
        else this.#at += 1;
        return;
      case "]":
        this.#closeBracket();
        return;
      case "<":
        this.#takeAngles();
        return;
      case "&": {
        const end = endOf(ENTITY, this.#source, at);
        if (end < 0) this.#at += 1;
        else this.#push(textPiece(entityText(this.#source.slice(at, end)), at), end);
        return;
      }
      case "\n":
        this.#takeLineEnd();
        return;
      default:
        this.#takeAddress(mark);
    }
  }

  /** Makes an item of the plain text up to here. */
  #flush(to = this.#at): void {
    if (to > this.#textFrom) this.#items.push(textPiece(this.#source.slice(this.#textFrom, to), this.#textFrom));
    this.#textFrom = to;
  }

  #push(item: Item, end: number): void {
    this.#flush();
    this.#items.push(item);
    this.#at = end;
    this.#textFrom = end;
  }

  #takeBackslash(next: string): void {
    if (next === "\n" || /[!-/:-@[-`{-~]/.test(next)) {
      this.#flush();
      this.#textFrom += 1;
      this.#escapedAt = this.#textFrom;
    }
    this.#at += next === "\n" ? 1 : 2;
  }

  #takeLineEnd(): void {
    const at = this.#at;
    const text = this.#source.slice(this.#textFrom, at);
    this.#flush(at - (text.length - text.trimEnd().length));
    this.#items.push({ kind: "piece", inline: { kind: "br" }, depth: 0, at });
    this.#at = at + 1;
    this.#textFrom = at + 1;
  }

  #takeCode(): void {
    const at = this.#at;
    const begin = runEnd(this.#source, at);
    const length = begin - at;
    const runs = /`+/g;
    runs.lastIndex = begin;
    let close: RegExpExecArray | null = null;
    if (!this.#noBackticks.has(length)) {
      do close = runs.exec(this.#source);
      while (close && close[0].length !== length);
      if (close === null) this.#noBackticks.add(length);
    }
    if (close === null && !this.#isOpen) {
      this.#at = begin;
      return;
    }
    if (close === null) this.#openAt = Math.min(this.#openAt, at);
    const lines = this.#source.slice(begin, close?.index).replaceAll("\n", " ");
    const text = /^ .*[^ ].* $/.test(lines) ? lines.slice(1, -1) : lines;
    this.#push({ kind: "piece", inline: { kind: "code", text }, depth: 1, at }, close ? runs.lastIndex : this.#source.length);
  }

  #takeRun(mark: string): void {
    const at = this.#at;
    const end = runEnd(this.#source, at);
    const length = end - at;
    const { opens, closes } = flanksOf(this.#source, at, end);
    if ((!opens && !closes) || (mark === "~" && length > 2)) {
      this.#at = end;
      return;
    }
    const isLikely = length <= 3 && (!closes || length === 2) && LIKELY.test(String.fromCodePoint(this.#source.codePointAt(end) ?? 32));
    this.#push({ kind: "run", mark, left: length, length, opens, closes, at, from: at, isLikely }, end);
  }

  #takeAngles(): void {
    const at = this.#at;
    ANGLES.lastIndex = at;
    const angles = ANGLES.exec(this.#source);
    if (angles === null) {
      this.#at += 1;
      return;
    }
    const [whole, address, mail] = angles;
    const text = address ?? mail;
    const end = at + whole.length;
    if (text === undefined) this.#push({ kind: "piece", inline: { kind: "br" }, depth: 0, at }, end);
    else this.#push(linkPiece(at, text, mail ? `mailto:${mail}` : text), end);
  }

  #takeAddress(mark: string): void {
    const at = this.#at;
    if (mark === "@") {
      const mail = mailAddress(this.#source, this.#textFrom, at);
      const isOpen = this.#isOpen && endOf(MAY_BE_DOMAIN, this.#source, at + 1) === this.#source.length;
      if (isOpen) this.#at = this.#source.length;
      else if (mail === undefined) this.#at += 1;
      else {
        this.#flush(mail.begin);
        this.#textFrom = at;
        this.#push(linkPiece(mail.begin, mail.text, mail.address), mail.end);
      }
      return;
    }
    const web = webAddress(this.#source, at, this.#isOpen);
    if (web === "open") this.#hold(at);
    else if (web) this.#push(linkPiece(at, web.text, web.address), web.end);
    else this.#at += 1;
  }

  /** Leaves out what comes from here on. */
  #hold(at: number): void {
    this.#at = at;
    this.#flush();
    this.#openAt = Math.min(this.#openAt, at);
    this.#at = this.#source.length;
    this.#textFrom = this.#at;
  }

  #openBracket(at: number, isImage: boolean): void {
    this.#flush();
    this.#brackets.push(this.#items.length);
    this.#push({ kind: "bracket", isImage, at, isActive: true }, at + (isImage ? 2 : 1));
  }

  #closeBracket(): void {
    const at = this.#at;
    const place = this.#brackets.at(-1);
    if (place === undefined) {
      this.#at += 1;
      return;
    }
    const bracket = this.#items[place] as Bracket;
    const from = bracket.at + (bracket.isImage ? 1 : 0);
    const link = bracket.isActive ? readLinkEnd(this.#source, from, at + 1, { ...this.#context, isOpen: this.#isOpen }) : undefined;
    if (link === "open") {
      this.#hold(at);
      return;
    }
    this.#brackets.pop();
    if (link) this.#makeLink(place, bracket, link);
    else {
      this.#items[place] = bracketText(bracket);
      this.#at += 1;
    }
  }

  #makeLink(place: number, { at, isImage }: Bracket, { target, end }: LinkEnd): void {
    this.#flush();
    const { pieces } = matchRuns(this.#items.splice(place + 1) as (Piece | Run)[], false);
    const children = pieces.map(({ inline }) => inline);
    const inline: Inline = isImage
      ? { kind: "img", text: textOf(children), ...target }
      : { kind: "a", children: children.flatMap(withoutLinks), ...target };
    this.#items[place] = { kind: "piece", inline, depth: isImage ? 1 : depthOf(pieces) + 1, at };
    this.#at = end;
    this.#textFrom = end;
    if (isImage) return;
    for (const other of this.#brackets) {
      const bracket = this.#items[other] as Bracket;
      if (!bracket.isImage) bracket.isActive = false;
    }
  }

  /** Makes items of what is left, and settles the brackets that stayed open. */
  #end(): void {
    const { length } = this.#source;
    const lastWord = this.#textFrom + this.#source.slice(this.#textFrom).search(/\S*$/);
    // What comes may be a part of the last word; without its backslash a mark would be one.
    this.#openAt = Math.min(this.#openAt, lastWord === this.#escapedAt ? lastWord - 1 : lastWord);
    this.#at = length;
    this.#flush();
    const first = this.#items[this.#brackets[0] ?? -1] as Bracket | undefined;
    if (this.#isOpen && first) {
      this.#openAt = Math.min(this.#openAt, first.at);
      const last = this.#brackets.at(-1) ?? 0;
      if (length - (this.#items[last] as Bracket).at < SHORT_BRACKET) this.#items.length = last;
    }
    for (const place of this.#brackets) {
      if (place < this.#items.length) this.#items[place] = this.#isOpen ? textPiece("", length) : bracketText(this.#items[place] as Bracket);
    }
  }
}

function runEnd(source: string, at: number): number {
  let end = at + 1;
  while (source[end] === source[at]) end += 1;
  return end;
}

function bracketText({ isImage, at }: Bracket): Piece {
  return textPiece(isImage ? "![" : "[", at);
}

function linkPiece(at: number, text: string, address: string): Piece {
  return { kind: "piece", inline: { kind: "a", children: [{ kind: "text", text }], address, title: "" }, depth: 1, at };
}

function withoutLinks(inline: Inline): readonly Inline[] {
  if (!("children" in inline)) return [inline];
  const children = inline.children.flatMap(withoutLinks);
  return inline.kind === "a" ? children : [{ ...inline, children }];
}

/** Plain text up to this place; what is no plain text does not reach over it. */
function cutAt({ inline, at }: Piece, place: number): Inline {
  return inline.kind === "text" && inline.text.length > place - at ? { kind: "text", text: inline.text.slice(0, place - at) } : inline;
}
