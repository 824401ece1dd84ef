import type { Clock } from "../../foundation/clock.ts";

/** Up to this share of its time at work, the process has time for every piece by itself. */
const EASY = 0.4;
/** From this share on, pieces wait longest. */
const BUSY = 0.7;
/** Two or three pictures of a screen: nobody sees it. */
const LONGEST_MS = 40;
/** How often the load is looked at. A shorter look would see single bursts. */
const LOOK_MS = 50;

/**
 * Says how long a piece of an answer may wait for the next ones, by how busy the process is: not at all while it has
 * time, up to 40 ms under load. What then goes on together costs little more than one piece, so the load falls, and
 * with it the wait. One for all answers of a process.
 */
export class Gathering {
  readonly #clock: Pick<Clock, "now" | "after">;
  readonly #utilization: () => number;
  #lookedAt = 0;
  #waitMs = 0;

  /** @param utilization the share of its time that the process was at work since it was asked last, from 0 to 1 */
  constructor(clock: Pick<Clock, "now" | "after">, utilization = loopUtilization()) {
    this.#clock = clock;
    this.#utilization = utilization;
  }

  /** Calls back when a piece that came now has waited; false, and no call, if it may go on at once. */
  hold(callback: () => void): boolean {
    const now = this.#clock.now();
    // The clock of a machine may be set back.
    if (Math.abs(now - this.#lookedAt) >= LOOK_MS) this.#look(now);
    const ms = Math.round(this.#waitMs);
    if (ms > 0) this.#clock.after(ms, callback);
    return ms > 0;
  }

  /** Half way to what the load asks for, so that the wait settles and does not swing. */
  #look(now: number): void {
    const load = (this.#utilization() - EASY) / (BUSY - EASY);
    this.#lookedAt = now;
    this.#waitMs = (this.#waitMs + LONGEST_MS * Math.min(1, Math.max(0, load))) / 2;
  }
}

function loopUtilization(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
