import type { Clock } from "../../foundation/clock.ts";

/** Counts the time that something takes, without the times in which it was held. */
export class Stopwatch {
  readonly #clock: Pick<Clock, "now">;
  #spentMs = 0;
  #since: number;
  #holds = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  get held(): boolean {
    return this.#holds > 0;
  }

  /** Stands still until every `hold` had its `release`. */
  hold(): void {
    if (this.#holds === 0) this.#spentMs = this.elapsedMs();
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#since = this.#clock.now();
  }

  elapsedMs(): number {
    return this.#spentMs + (this.held ? 0 : this.#clock.now() - this.#since);
  }
}
