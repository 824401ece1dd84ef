import type { Inline } from "./inline.ts";

/** More than a person reads, and a page should nest. */
const DEEPEST = 8;
/** More runs that wait for a partner are text: looking for it would cost ever more. */
const MOST_OPENERS = 100;

/** A run of marks that may open or close emphasis. */
export interface Run {
  readonly kind: "run";
  readonly mark: string;
  /** Marks that found no partner yet, and how many there were. */
  left: number;
  readonly length: number;
  readonly opens: boolean;
  readonly closes: boolean;
  /** Where it begins in the source, ... */
  readonly at: number;
  /** ... and where that begins which its first marks closed. */
  from: number;
  /** Shown as emphasis while its partner may still come. */
  readonly isLikely: boolean;
}

/** What is drawn, and how deep it nests. */
export interface Piece {
  readonly kind: "piece";
  readonly inline: Inline;
  readonly depth: number;
  /** Where it begins in the source. */
  readonly at: number;
  /** Where the marks are that close it, if it is emphasis. */
  readonly end?: number;
}

type Out = Run | Piece;

/** How deep these nest. */
export function depthOf(pieces: readonly { readonly kind: string; readonly depth?: number }[]): number {
  return pieces.reduce((deepest, { depth = 0 }) => Math.max(deepest, depth), 0);
}

/** Emphasis as far as its marks found each other. */
export interface Matched {
  readonly pieces: Piece[];
  /** Where the first run that may still find a partner stands, with what it closed; infinite if there is none. */
  readonly openAt: number;
}

/**
 * Joins runs of marks to emphasis: CommonMark 6.2, rules 1 to 17. While the text goes on (`isOpen`), what an open run
 * began is shown as emphasis to the end, so that its marks do not appear and vanish again.
 */
export function matchRuns(items: readonly (Run | Piece)[], isOpen: boolean): Matched {
  const out: Out[] = [];
  /** The runs in `out` that may still open, as places in it. */
  const openers: number[] = [];

  function wrap(at: number, count: number, mark: string, end?: number): void {
    const inside = out.splice(at + 1);
    const depth = depthOf(inside) + 1;
    const from = (out[at] as Run).at;
    if (depth > DEEPEST) {
      const marks = textPiece(mark.repeat(count), from);
      for (const one of [marks, ...inside, marks]) out.push(one);
      return;
    }
    const kind = mark === "~" ? "s" : count === 2 ? "strong" : "em";
    out.push({ kind: "piece", inline: { kind, children: inside.map(inlineOf) }, depth, at: from, ...(end === undefined ? {} : { end }) });
  }

  function close(run: Run): void {
    while (run.left > 0) {
      const nearest = openers.findLastIndex((at) => fits(out[at] as Run, run));
      if (nearest < 0) return;
      const at = openers[nearest] as number;
      const opener = out[at] as Run;
      const count = run.mark === "~" ? run.left : Math.min(run.left, opener.left, 2);
      openers.length = opener.left === count ? nearest : nearest + 1;
      wrap(at, count, run.mark, run.at);
      opener.left -= count;
      run.left -= count;
      run.from = Math.min(run.from, opener.from);
      if (opener.left === 0) out.splice(at, 1);
    }
  }

  for (const item of items) {
    if (item.kind === "run" && item.closes) close(item);
    if (item.kind === "run" && item.left === 0) continue;
    if (item.kind === "run" && item.opens && openers.length < MOST_OPENERS) openers.push(out.length);
    out.push(item);
  }
  const first = out[openers[0] ?? -1] as Run | undefined;
  if (isOpen) {
    for (const at of openers.slice(-DEEPEST).reverse()) {
      const { left, isLikely, mark } = out[at] as Run;
      if (!isLikely) continue;
      if (at < out.length - 1) {
        wrap(at, left === 3 ? 2 : left, mark);
        if (left === 3) wrap(at, 1, mark);
      }
      out.splice(at, 1);
    }
  }
  return {
    pieces: out.map((one) => (one.kind === "run" ? textPiece(one.mark.repeat(one.left), one.at) : one)),
    openAt: first?.from ?? Number.POSITIVE_INFINITY,
  };
}

/** A piece of plain text that begins at `at`. */
export function textPiece(text: string, at: number): Piece {
  return { kind: "piece", inline: { kind: "text", text }, depth: 0, at };
}

function inlineOf(one: Out): Inline {
  return one.kind === "run" ? { kind: "text", text: one.mark.repeat(one.left) } : one.inline;
}

function fits(opener: Run, closer: Run): boolean {
  if (opener.mark !== closer.mark) return false;
  if (opener.mark === "~") return opener.left === closer.left;
  // Rules 9 and 10: a run that both opens and closes needs lengths whose sum is no multiple of 3.
  return !(opener.closes || closer.opens) || (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}
