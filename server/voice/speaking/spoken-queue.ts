import type { SaidPiece, Utterance } from "./utterance.ts";

/** Pieces that wait to be said. While it is held none is begun. */
export class SpokenQueue {
  #pieces: SaidPiece[] = [];
  /** Given out, and not begun yet: speech is asked for ahead. */
  #ahead: SaidPiece[] = [];
  #isHeld = false;
  #wakes: (() => void)[] = [];

  get isWaiting(): boolean {
    return this.#pieces.length > 0;
  }

  put(piece: SaidPiece): void {
    this.#pieces.push(piece);
    this.#wake();
  }

  /** Waits until this piece, which was given out, may be begun. Throws the signal's reason. */
  async begin(piece: SaidPiece, signal: AbortSignal): Promise<void> {
    while (this.#isHeld) await this.#wait(signal);
    this.#ahead = this.#ahead.filter((one) => one !== piece);
  }

  /** Nothing more of these is said; what was given out of others waits again. */
  drop(which: (utterance: Utterance) => boolean): void {
    this.#pieces = [...this.#ahead, ...this.#pieces].filter(({ utterance }) => !which(utterance));
    this.#ahead = [];
  }

  clear(): void {
    this.#pieces = [];
    this.#ahead = [];
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) this.#wake();
  }

  /** All pieces, as they come; ends with the signal. */
  async *read(signal: AbortSignal): AsyncGenerator<SaidPiece, void> {
    for (;;) {
      signal.throwIfAborted();
      const piece = this.#pieces.shift();
      if (piece === undefined) await this.#wait(signal);
      else {
        this.#ahead.push(piece);
        yield piece;
      }
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakes.push(resolve);
    const onAbort = (): void => resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    await promise;
    signal.removeEventListener("abort", onAbort);
    signal.throwIfAborted();
  }

  #wake(): void {
    const wakes = this.#wakes;
    this.#wakes = [];
    for (const wake of wakes) wake();
  }
}
