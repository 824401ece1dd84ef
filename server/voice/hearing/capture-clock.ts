import type { Clock } from "../../foundation/clock.ts";

/** How fast an estimate follows messages that took longer: the two clocks drift apart by seconds a day. */
const DRIFT = 0.01;

/**
 * The clock of a page's capture, as the server's knows it: by what came fastest. What came late says only that the
 * network was slow.
 */
export class CaptureClock {
  readonly #clock: Pick<Clock, "now">;
  /** The server's time less the page's. */
  #offsetMs: number | undefined;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Something came that happened at this time of the page. */
  saw(atMs: number): void {
    const offsetMs = this.#clock.now() - atMs;
    const known = this.#offsetMs;
    this.#offsetMs = known === undefined || offsetMs < known ? offsetMs : known + Math.min(1, (offsetMs - known) * DRIFT);
  }

  /** The page's time at this moment. */
  now(): number {
    return this.#clock.now() - (this.#offsetMs ?? 0);
  }

  serverTime(atMs: number): number {
    return atMs + (this.#offsetMs ?? 0);
  }
}
