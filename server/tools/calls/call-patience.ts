import type { Clock } from "../../foundation/clock.ts";

export interface CallLimits {
  /** So long without a word. */
  readonly silentMs: number;
  /** So long altogether. */
  readonly longestMs: number;
}

/**
 * How long a call may take: so long without a word, and so long altogether. Time in which a person is asked does not
 * count, since it is not the server's.
 */
export class CallPatience {
  readonly #clock: Clock;
  readonly #silentMs: number;
  readonly #onOver: () => void;
  #leftMs: number;
  #begunAt: number;
  #pauses = 0;
  #callOff: (() => void) | undefined;
  #ended = false;

  constructor(clock: Clock, limits: CallLimits, onOver: () => void) {
    this.#clock = clock;
    this.#silentMs = limits.silentMs;
    this.#leftMs = limits.longestMs;
    this.#onOver = onOver;
    this.#begunAt = clock.now();
    this.#wait();
  }

  /** The server said something: the silence begins anew, the whole time does not. */
  heard(): void {
    if (this.#pauses > 0 || this.#ended) return;
    this.#spend();
    this.#wait();
  }

  /** Stops the time until `resume`, as often as it was paused. */
  pause(): void {
    this.#pauses += 1;
    if (this.#pauses > 1 || this.#ended) return;
    this.#spend();
    this.#callOff?.();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses > 0 || this.#ended) return;
    this.#begunAt = this.#clock.now();
    this.#wait();
  }

  end(): void {
    this.#ended = true;
    this.#callOff?.();
  }

  #spend(): void {
    const now = this.#clock.now();
    this.#leftMs -= now - this.#begunAt;
    this.#begunAt = now;
  }

  #wait(): void {
    this.#callOff?.();
    const waitMs = Math.max(0, Math.min(this.#silentMs, this.#leftMs));
    this.#callOff = this.#clock.after(waitMs, () => {
      this.end();
      this.#onOver();
    });
  }
}
