import type { Fault } from "./servers/fault.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** What ran for so long did not end because it was started again. */
const STEADY_MS = 60_000;

/** How long a program that ended by itself is left alone: twice as long each time, up to a minute. */
export class RestartPause {
  #ends = 0;
  #until = 0;
  /** What was wrong the last time. */
  fault: Fault | undefined;

  /** It ended, or could not be started. Both times are milliseconds since 1970. */
  ended(fault: Fault, startedAt: number, now: number): void {
    this.fault = fault;
    if (now - startedAt >= STEADY_MS) this.#ends = 0;
    this.#until = now + Math.min(FIRST_MS * 2 ** this.#ends, LONGEST_MS);
    this.#ends += 1;
  }

  /** It works. */
  over(): void {
    this.#ends = 0;
    this.#until = 0;
  }

  /** Milliseconds that are left of the pause. */
  leftMs(now: number): number {
    return Math.max(0, this.#until - now);
  }
}
