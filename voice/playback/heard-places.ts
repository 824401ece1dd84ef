/** At this moment of the context's clock, in seconds, everything before that place had left it. */
interface Mark {
  readonly at: number;
  readonly placeMs: number;
}

/** What leaves a context is heard later: with Bluetooth by a fifth of a second. Older marks are of no use. */
const KEPT_SECONDS = 2;

/** Up to which place the assistant's audio was heard, from what was played and from what the output's clock says. */
export class HeardPlaces {
  #marks: Mark[] = [];
  #heardMs = 0;

  /** Everything before this place was played; it may not have been heard yet. */
  get playedMs(): number {
    return this.#marks.at(-1)?.placeMs ?? this.#heardMs;
  }

  mark(at: number, placeMs: number): void {
    this.#marks.push({ at, placeMs });
    const old = this.#marks.findIndex((mark) => mark.at > at - KEPT_SECONDS);
    if (old > 1) this.#marks.splice(0, old - 1);
  }

  /**
   * @param outputAt the context's time of what leaves the device at this moment, in seconds
   * @returns everything before this place was heard; never less than before
   */
  heardMs(outputAt: number): number {
    const after = this.#marks.findIndex(({ at }) => at > outputAt);
    const before = this.#marks.at(after === -1 ? -1 : after - 1);
    if (after === 0 || before === undefined) return this.#heardMs;
    // Between two marks it was played on, and never further than to the later one.
    const next = after === -1 ? before : this.#marks[after]!;
    this.#heardMs = Math.max(this.#heardMs, Math.min(before.placeMs + (outputAt - before.at) * 1000, next.placeMs));
    return this.#heardMs;
  }

  /** The context's clock is another: what was not heard by now never will be. */
  restart(): void {
    this.#marks = [];
  }
}
