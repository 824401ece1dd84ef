const SLOTS = 4096;

interface Beat {
  readonly gapMs: number;
  /** False: no more. */
  readonly run: () => boolean;
  due: number;
}

/**
 * Thousands of steady beats with one timer. A beat that comes late is followed by one at its own time, so that the pace
 * holds on average.
 */
export class Pacer {
  readonly #slots: Beat[][] = Array.from({ length: SLOTS }, () => []);
  #doneMs = Math.floor(performance.now());
  #beats = 0;

  /**
   * Runs `run` after `waitMs`, and then every `gapMs` until it returns false. Neither may be longer than four seconds.
   */
  begin(waitMs: number, gapMs: number, run: () => boolean): void {
    if (this.#beats === 0) {
      this.#doneMs = Math.floor(performance.now());
      setTimeout(this.#tick, 1);
    }
    this.#beats += 1;
    this.#put({ gapMs, run, due: performance.now() + waitMs });
  }

  #put(beat: Beat): void {
    const slot = Math.max(Math.floor(beat.due), this.#doneMs + 1);
    this.#slots[slot % SLOTS]?.push(beat);
  }

  readonly #tick = (): void => {
    const nowMs = Math.floor(performance.now());
    while (this.#doneMs < nowMs) {
      this.#doneMs += 1;
      const beats = this.#slots[this.#doneMs % SLOTS] ?? [];
      this.#slots[this.#doneMs % SLOTS] = [];
      for (const beat of beats) {
        if (beat.run()) {
          beat.due += beat.gapMs;
          this.#put(beat);
        } else this.#beats -= 1;
      }
    }
    if (this.#beats > 0) setTimeout(this.#tick, 1);
  };
}
