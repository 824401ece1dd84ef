import type { Clock } from "../../foundation/clock.ts";

/** How long at least between two reports of a call's progress. */
const BETWEEN_MS = 100;

/**
 * Reports the newest progress of one call: the first at once, later ones at most ten times a second. A server may
 * report thousands, and each would go to every tab that listens.
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

  /** The call has ended: what was not reported yet is of no interest now. */
  end(): void {
    this.#callOff?.();
    this.#newest = undefined;
  }
}
