import type { Clock } from "../../foundation/clock.ts";
import { unlessAborted } from "../../foundation/unless-aborted.ts";

/** Most programs want a whole core to start: more of them at once only make all of them late. */
const AT_ONCE = 4;
/** So many starts that nobody waits for run at once, and none of them beside as many others. */
const AHEAD_AT_ONCE = 2;
/** A start that takes longer may wait for something itself, and does not keep others from theirs. */
const HELD_MS = 10_000;

interface Start {
  readonly begin: () => void;
  /** Nobody waits for it yet. */
  ahead: boolean;
  callOff?: () => void;
}

/** Bounds how many programs start at once, whoever wants them. */
export class ProgramStarts {
  readonly #clock: Clock;
  readonly #waiting = new Map<object, Start>();
  readonly #running = new Set<Start>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until `owner`, who waits for one start at a time, may begin it. What is answered has to be called when the
   * start is over. Throws the signal's reason if that is aborted first.
   */
  async enter(owner: object, { ahead, signal }: { readonly ahead: boolean; readonly signal: AbortSignal }): Promise<() => void> {
    const turn = Promise.withResolvers<void>();
    const start: Start = { begin: turn.resolve, ahead };
    const leave = (): void => {
      if (this.#waiting.get(owner) === start) this.#waiting.delete(owner);
      this.#leave(start);
    };
    this.#waiting.set(owner, start);
    this.#next();
    try {
      await unlessAborted(turn.promise, signal);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  /** Somebody waits for the start of `owner` now, if it has not begun. */
  hurry(owner: object): void {
    const start = this.#waiting.get(owner);
    if (start?.ahead !== true) return;
    start.ahead = false;
    this.#next();
  }

  #leave(start: Start): void {
    start.callOff?.();
    if (this.#running.delete(start)) this.#next();
  }

  #next(): void {
    const inOrder = [...this.#waiting].toSorted(([, left], [, right]) => Number(left.ahead) - Number(right.ahead));
    for (const [owner, start] of inOrder) {
      if (this.#running.size >= (start.ahead ? AHEAD_AT_ONCE : AT_ONCE)) return;
      this.#waiting.delete(owner);
      this.#running.add(start);
      start.callOff = this.#clock.after(HELD_MS, () => this.#leave(start));
      start.begin();
    }
  }
}
