import type { Clock } from "../thread/clock.ts";

/** So many at once, and so many more each second. */
export class Allowance {
  readonly #clock: Pick<Clock, "now">;
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(clock: Pick<Clock, "now">, most: number, perSecond: number) {
    this.#clock = clock;
    this.#most = this.#left = most;
    this.#perSecond = perSecond;
    this.#at = clock.now();
  }

  /** Whether there is one left; then it is taken. */
  take(): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(this.#most, this.#left + (Math.max(0, now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** Until there is one, in milliseconds; 0 if there is. */
  get waitMs(): number {
    return Math.max(0, Math.ceil(((1 - this.#left) / this.#perSecond) * 1000));
  }
}
