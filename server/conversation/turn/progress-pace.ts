import type { Clock } from "../../foundation/clock.ts";

/** How often a call's progress is told at most. */
const BETWEEN_MS = 100;

/**
 * Tells the newest progress of one call: the first at once, later ones ten times a second at most. A server may report thousands, and each would go to every
 * tab that listens.
 */
export class ProgressPace<Progress> {
  readonly #clock: Pick<Clock, "after">;
  readonly #tell: (progress: Progress) => void;
  #newest: Progress | undefined;
  #callOff: (() => void) | undefined;

  constructor(clock: Pick<Clock, "after">, tell: (progress: Progress) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  report(progress: Progress): void {
    if (this.#callOff !== undefined) {
      this.#newest = progress;
      return;
    }
    this.#tell(progress);
    this.#callOff = this.#clock.after(BETWEEN_MS, () => {
      this.#callOff = undefined;
      const newest = this.#newest;
      this.#newest = undefined;
      if (newest !== undefined) this.report(newest);
    });
  }

  /** The call has ended: what was not told yet is of no interest any more. */
  end(): void {
    this.#callOff?.();
    this.#newest = undefined;
  }
}
