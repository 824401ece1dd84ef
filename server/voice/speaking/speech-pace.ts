import type { Clock } from "../../foundation/clock.ts";

/** No more than this is sent ahead of what is heard, so that little is thrown away when somebody interrupts. */
const AHEAD_MS = 3_000;
/** A page that plays but does not say so is believed for so long. */
const UNTOLD_MS = 20_000;

/** When the next audio may be sent: a little ahead of what is heard by now. */
export class SpeechPace {
  readonly #clock: Pick<Clock, "now">;
  /** What was told last, and when. */
  #heardMs = 0;
  #heardAt = 0;
  #sentMs = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Audio up to this place was sent. */
  sent(untilMs: number): void {
    // Whatever was there is over, so that what is heard begins now.
    if (this.#playedMs() >= this.#sentMs) this.heard(this.#sentMs);
    this.#sentMs = untilMs;
  }

  heard(untilMs: number): void {
    this.#heardMs = untilMs;
    this.#heardAt = this.#clock.now();
  }

  /** How long to wait until more may be sent; 0: now. */
  waitMs(): number {
    return Math.max(0, this.#sentMs - this.#playedMs() - AHEAD_MS);
  }

  /** Where playing is by now, as far as is known. */
  #playedMs(): number {
    const sinceMs = Math.min(UNTOLD_MS, this.#clock.now() - this.#heardAt);
    return Math.min(this.#sentMs, this.#heardMs + sinceMs);
  }
}
