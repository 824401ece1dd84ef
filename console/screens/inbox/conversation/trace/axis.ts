import type { Step, Tone } from "./step.ts";

/** A time in which nothing but people was busy, drawn as a mark of fixed width. */
export interface Break {
  readonly from: number;
  readonly to: number;
  /** Where it is drawn, as shares of the width. */
  readonly start: number;
  readonly end: number;
}

export interface Tick {
  readonly at: number;
  /** Milliseconds since the axis begins. */
  readonly elapsedMs: number;
}

/** Where a time stands. Seconds stay readable beside hours, since long waits take little room. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly breaks: readonly Break[];
  readonly ticks: readonly Tick[];
  /** 0 to 1; times outside of the axis stand at its ends. */
  readonly place: (time: number) => number;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isBreak: boolean;
  start: number;
  end: number;
}

/** A wait that is shorter than this is drawn as it was. */
const LEAST_BREAK_MS = 5_000;
/** How much longer than all the work together a wait has to be to be cut: a tenth. */
const BREAK_SHARE = 0.1;
/** The room of one break, and the most that all of them take together. */
const BREAK_ROOM = 0.05;
const MOST_ROOM = 0.4;
const TICKS = 5;
/** No two ticks are nearer to each other. */
const TICK_ROOM = 0.12;

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The axis of these steps; `now` is the end of what is under way. */
export function axisOf(steps: readonly Step[], now: number): Axis {
  const busy = merged(busyIn(steps, now));
  const from = busy[0]?.from ?? now;
  const to = Math.max(busy.at(-1)?.to ?? now, from + 1);
  const work = busy.reduce((sum, interval) => sum + interval.to - interval.from, 0);
  const pieces = laidOut(cut(busy, Math.max(LEAST_BREAK_MS, work * BREAK_SHARE)), to);
  const place = (time: number): number => placeIn(pieces, time);
  const breaks = pieces.flatMap(({ isBreak, ...piece }) => (isBreak ? [piece] : []));
  return { from, to, breaks, ticks: ticksOf(pieces, from), place };
}

/** What counts by its ends alone, such as a person's waiting, or by what is in it, such as a whole turn. */
const SPANNED: ReadonlySet<Tone> = new Set(["waiting", "turn", "call"]);

/** Where something happened. */
function busyIn(steps: readonly Step[], now: number): readonly Interval[] {
  return steps.flatMap(({ from, to, spans }) => [
    { from, to: from },
    ...(to === undefined ? [] : [{ from: to, to }]),
    ...spans.flatMap(({ from: start, to: end, tone }) => (SPANNED.has(tone) ? [] : [{ from: start, to: Math.max(start, end ?? now) }])),
    // What waits now is drawn until now.
    ...(to === undefined ? [{ from: Math.max(from, now), to: Math.max(from, now) }] : []),
  ]);
}

function merged(intervals: readonly Interval[]): readonly Interval[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of intervals.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

function cut(busy: readonly Interval[], leastBreak: number): readonly Omit<Piece, "start" | "end">[] {
  const pieces: { from: number; to: number; isBreak: boolean }[] = [];
  for (const { from, to } of busy) {
    const last = pieces.at(-1);
    if (last === undefined) pieces.push({ from, to, isBreak: false });
    else if (from - last.to <= leastBreak) last.to = to;
    else pieces.push({ from: last.to, to: from, isBreak: true }, { from, to, isBreak: false });
  }
  return pieces;
}

function laidOut(pieces: readonly Omit<Piece, "start" | "end">[], to: number): readonly Piece[] {
  const breaks = pieces.filter(({ isBreak }) => isBreak).length;
  const room = breaks === 0 ? 0 : Math.min(BREAK_ROOM, MOST_ROOM / breaks);
  const left = 1 - room * breaks;
  const plain = pieces.filter(({ isBreak }) => !isBreak);
  const whole = plain.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  let start = 0;
  return pieces.map((piece) => {
    const share = whole === 0 ? 1 / plain.length : (piece.to - piece.from) / whole;
    const end = start + (piece.isBreak ? room : left * share);
    const laid = { ...piece, start, end };
    start = end;
    return piece.to === to ? { ...laid, end: 1 } : laid;
  });
}

function placeIn(pieces: readonly Piece[], time: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.to < time) low = middle + 1;
    else high = middle;
  }
  const piece = pieces[low];
  if (piece === undefined || time <= piece.from) return piece?.start ?? 0;
  if (time >= piece.to) return piece.end;
  return piece.start + ((time - piece.from) / (piece.to - piece.from)) * (piece.end - piece.start);
}

/** At round numbers of seconds since the beginning, and where it goes on after a break. */
function ticksOf(pieces: readonly Piece[], from: number): readonly Tick[] {
  const plain = pieces.filter(({ isBreak }) => !isBreak);
  const every = roundAbove(plain.reduce((sum, piece) => sum + piece.to - piece.from, 0) / TICKS);
  const ticks: Tick[] = [];
  const add = (at: number, elapsedMs: number): void => {
    const last = ticks.at(-1);
    if (last === undefined || at - last.at >= TICK_ROOM) ticks.push({ at, elapsedMs });
  };
  for (const piece of plain) {
    add(piece.start, piece.from - from);
    const first = Math.ceil((piece.from - from) / every) * every;
    const most = Math.min(TICKS, Math.floor((piece.to - from - first) / every) + 1);
    for (let tick = 0; tick < most; tick += 1) add(placeIn(pieces, from + first + tick * every), first + tick * every);
  }
  return ticks;
}

/** 1, 2 or 5 times a power of ten. */
function roundAbove(milliseconds: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, milliseconds)));
  return power * ([1, 2, 5, 10].find((times) => times * power >= milliseconds) ?? 10);
}
