import { makeInline, type Inline } from "./inline.ts";

/** More than a person reads, and a page should nest. */
const DEEPEST = 8;
/** More runs that wait for a partner are text: looking for it would cost ever more. */
const MOST_OPENERS = 100;

/** A run of marks that may open or close emphasis. */
export interface Run {
  readonly kind: "*" | "_" | "~";
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

/** Emphasis as far as its marks found each other. */
export interface Matched {
  readonly inlines: Inline[];
  /** Where the first run that may still find a partner stands, with what it closed; infinite if there is none. */
  readonly openAt: number;
}

/**
 * Joins runs of marks to emphasis: CommonMark 6.2, rules 1 to 17. While the text goes on (`isOpen`), what an open run
 * began is shown as emphasis to the end, so that its marks do not appear and vanish again.
 */
export function matchRuns(items: readonly (Run | Inline)[], isOpen: boolean): Matched {
  const out: (Run | Inline)[] = [];
  /** The runs in `out` that may still open, as places in it. */
  const openers: number[] = [];

  /** Puts what follows an opener between so many of its marks; false if it would be too deep. */
  function wrap(place: number, count: number, end: number): boolean {
    const { kind, at } = out[place] as Run;
    const children = out.splice(place + 1).map(inlineOf);
    const made = makeInline(kind === "~" ? "s" : count === 2 ? "strong" : "em", at, "", { children, end });
    const isDeep = made.depth > DEEPEST;
    for (const one of isDeep ? children : [made]) out.push(one);
    return !isDeep;
  }

  function close(run: Run): void {
    while (run.left > 0) {
      const nearest = openers.findLastIndex((place) => fits(out[place] as Run, run));
      if (nearest < 0) return;
      const place = openers[nearest] as number;
      const opener = out[place] as Run;
      const count = run.kind === "~" ? run.left : Math.min(run.left, opener.left, 2);
      openers.length = nearest;
      if (!wrap(place, count, run.at)) return;
      opener.left -= count;
      run.left -= count;
      run.from = Math.min(run.from, opener.from);
      if (opener.left > 0) openers.push(place);
      else out.splice(place, 1);
    }
  }

  for (const item of items) {
    if ("left" in item) {
      if (item.closes) close(item);
      if (item.left === 0) continue;
      if (item.opens && openers.length < MOST_OPENERS) openers.push(out.length);
    }
    out.push(item);
  }
  const openAt = (out[openers[0] ?? -1] as Run | undefined)?.from ?? Number.POSITIVE_INFINITY;
  if (isOpen) {
    for (const place of openers.slice(-DEEPEST).reverse()) {
      const { left, isLikely } = out[place] as Run;
      if (!isLikely) continue;
      if (place < out.length - 1) {
        wrap(place, Math.min(left, 2), 0);
        if (left === 3) wrap(place, 1, 0);
      }
      out.splice(place, 1);
    }
  }
  return { inlines: out.map(inlineOf), openAt };
}

function inlineOf(one: Run | Inline): Inline {
  return "left" in one ? makeInline("text", one.at, one.kind.repeat(one.left)) : one;
}

function fits(opener: Run, closer: Run): boolean {
  if (opener.kind !== closer.kind) return false;
  if (opener.kind === "~") return opener.left === closer.left;
  // Rules 9 and 10: where one of them could do both, their lengths must not add up to a multiple of 3.
  return !(opener.closes || closer.opens) || (opener.length + closer.length) % 3 > 0 || opener.length % 3 === 0;
}
