import type { Clock } from "../../foundation/clock.ts";

const BYTES_A_SECOND = 512 * 1024;
const BURST_BYTES = 16 * 1024 * 1024;
/** What a frame costs beside its bytes: a flood of short ones is one too. */
const FRAME_BYTES = 2 * 1024;

/** What one device may send. */
export class IncomingBudget {
  readonly #clock: Pick<Clock, "now">;
  #left = BURST_BYTES;
  #at: number;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** False: it is too much. */
  take(characters: number): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(BURST_BYTES, this.#left + (Math.max(0, now - this.#at) / 1000) * BYTES_A_SECOND) - characters - FRAME_BYTES;
    this.#at = now;
    return this.#left >= 0;
  }
}
