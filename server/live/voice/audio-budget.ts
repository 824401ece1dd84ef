import type { Clock } from "../../foundation/clock.ts";

/** Audio comes at 32 kB/s where it is PCM. A page whose network stood still sends what it has kept. */
const BYTES_A_SECOND = 64 * 1024;
const BURST_BYTES = 512 * 1024;
/** What a message costs beside its bytes. */
const MESSAGE_BYTES = 64;

/** What one call may send: a little above real time, whatever it is. */
export class AudioBudget {
  readonly #clock: Pick<Clock, "now">;
  #left = BURST_BYTES;
  #at: number;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** A message came. False: it is too much. */
  take(bytes: number): boolean {
    return this.#spend(bytes + MESSAGE_BYTES);
  }

  /** The message became so much more than it was. False: it is too much. */
  grow(bytes: number): boolean {
    return this.#spend(Math.max(0, bytes));
  }

  #spend(bytes: number): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(BURST_BYTES, this.#left + ((now - this.#at) / 1000) * BYTES_A_SECOND) - bytes;
    this.#at = now;
    return this.#left >= 0;
  }
}
