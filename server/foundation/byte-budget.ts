import type { Clock } from "./clock.ts";

export interface ByteBudgetTerms {
  readonly bytesASecond: number;
  /** So much at once, after a while of nothing. */
  readonly burstBytes: number;
}

/** What somebody may send, in bytes: a rate, with bursts. */
export class ByteBudget {
  readonly #terms: ByteBudgetTerms;
  readonly #clock: Pick<Clock, "now">;
  #left: number;
  #at: number;

  constructor(terms: ByteBudgetTerms, clock: Pick<Clock, "now">) {
    this.#terms = terms;
    this.#clock = clock;
    this.#left = terms.burstBytes;
    this.#at = clock.now();
  }

  /** False: it is too much. */
  take(bytes: number): boolean {
    const { bytesASecond, burstBytes } = this.#terms;
    const now = this.#clock.now();
    this.#left = Math.min(burstBytes, this.#left + (Math.max(0, now - this.#at) / 1000) * bytesASecond) - bytes;
    this.#at = now;
    return this.#left >= 0;
  }
}
