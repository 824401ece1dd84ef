import type { Clock } from "../../foundation/clock.ts";

/**
 * A signal that follows another, and aborts by itself when nothing was heard for too long. `heard` begins the wait anew;
 * `over` ends it for good.
 */
export class Patience {
  readonly #controller = new AbortController();
  readonly #clock: Pick<Clock, "after">;
  readonly #ms: number;
  readonly #outer: AbortSignal;
  readonly #onAbort = (): void => this.#controller.abort(this.#outer.reason);
  #callOff: () => void;
  isOut = false;

  constructor(clock: Pick<Clock, "after">, ms: number, outer: AbortSignal) {
    this.#clock = clock;
    this.#ms = ms;
    this.#outer = outer;
    this.#callOff = this.#wait();
    if (outer.aborted) this.#onAbort();
    outer.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#callOff();
    this.#callOff = this.#wait();
  }

  /** Nothing is waited for until `heard`. */
  rest(): void {
    this.#callOff();
  }

  over(): void {
    this.#callOff();
    this.#outer.removeEventListener("abort", this.#onAbort);
  }

  #wait(): () => void {
    return this.#clock.after(this.#ms, () => {
      this.isOut = true;
      this.#controller.abort(new Error("too slow"));
    });
  }
}
