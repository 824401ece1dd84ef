import type { Clock } from "../../../foundation/clock.ts";
import { clockPause } from "../../../foundation/clock-pause.ts";

/** Opens something over one era of the protocol. Rejects when the signal ends it. */
export type EraAttempt<T> = (signal: AbortSignal) => Promise<T>;

export interface EitherEra<T> {
  readonly modern: EraAttempt<T>;
  readonly legacy: EraAttempt<T>;
  /** Whether a server that answered the modern attempt with this may still speak the legacy era. */
  readonly mayBeLegacy: (error: unknown) => boolean;
  /** Which of the two errors says more about a server that speaks neither. */
  readonly worse: (modern: unknown, legacy: unknown) => unknown;
  /** What was opened too late. */
  readonly letGo: (late: T) => void;
  /** How long the modern era is asked for alone, in milliseconds. */
  readonly aloneMs: number;
  readonly clock: Pick<Clock, "after">;
  readonly signal: AbortSignal;
}

/**
 * Asks for the modern era, and for the legacy one once where the answer is no sign of the modern (revision 2026-07-28,
 * versioning). A server that keeps silent is asked for the legacy era as well, so that time is left for it; the first
 * to be open is taken, since silence may also be a slow start. Throws what `worse` chooses.
 */
export async function eitherEra<T>(parts: EitherEra<T>): Promise<T> {
  const { clock, signal, mayBeLegacy, worse, aloneMs } = parts;
  const modern = attempt(parts.modern, signal);
  const waiting = new AbortController();
  const first = await Promise.race([modern.settled, clockPause(clock, aloneMs, waiting.signal)]);
  waiting.abort();
  if (first !== undefined && "opened" in first) return first.opened;
  if (first !== undefined && (signal.aborted || !mayBeLegacy(first.error))) throw first.error;
  const legacy = attempt(parts.legacy, signal);
  const settled = first === undefined ? await firstOpened(modern, legacy) : await legacy.settled;
  for (const one of [modern, legacy]) one.end(parts.letGo, settled);
  if ("opened" in settled) return settled.opened;
  const asked = first ?? (await modern.settled);
  throw "error" in asked ? worse(asked.error, settled.error) : settled.error;
}

type Settled<T> = { readonly opened: T } | { readonly error: unknown };

interface Attempt<T> {
  /** Never rejects. */
  readonly settled: Promise<Settled<T>>;
  /** Ends the attempt, unless it is the one that was taken. */
  readonly end: (letGo: (late: T) => void, taken: Settled<T>) => void;
}

function attempt<T>(open: EraAttempt<T>, signal: AbortSignal): Attempt<T> {
  const ending = new AbortController();
  const settled = open(AbortSignal.any([signal, ending.signal])).then(
    (opened) => ({ opened }),
    (error: unknown) => ({ error }),
  );
  return {
    settled,
    end: (letGo, taken) => {
      ending.abort();
      void settled.then((late) => late !== taken && "opened" in late && letGo(late.opened));
    },
  };
}

/** The first that is open; when neither will be, how the second ended. */
async function firstOpened<T>(modern: Attempt<T>, legacy: Attempt<T>): Promise<Settled<T>> {
  const first = await Promise.race([modern.settled, legacy.settled]);
  if ("opened" in first) return first;
  const [inTheEnd, last] = await Promise.all([modern.settled, legacy.settled]);
  return "opened" in inTheEnd ? inTheEnd : last;
}
