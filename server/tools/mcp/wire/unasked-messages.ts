/** How many messages that nobody asked for a server may send at once, and how many more with each second. */
const BURST = 1_000;
const PER_SECOND = 20;

/** Counts the messages that nobody asked a server for: a flood of them would keep the process from everything else. */
export class UnaskedMessages {
  readonly #now: () => number;
  #left = BURST;
  #at: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  /** Whether one more is still to be borne. */
  take(): boolean {
    const now = this.#now();
    this.#left = Math.min(BURST, this.#left + (Math.max(0, now - this.#at) / 1000) * PER_SECOND) - 1;
    this.#at = now;
    return this.#left >= 0;
  }
}
