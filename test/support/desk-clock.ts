import type { Clock } from "../../server/foundation/clock.ts";

/** Real timers, with a clock that the test can push forward. */
export class DeskClock implements Clock {
  #offsetMs = 0;
  readonly #pending = new Map<NodeJS.Timeout, number>();
  #count = 0;
  now(): number {
    return Date.now() + this.#offsetMs;
  }
  forward(ms: number): void {
    this.#offsetMs += ms;
  }
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(() => (this.#pending.delete(timer), callback()), Math.min(ms, 2 ** 31 - 1));
    this.#pending.set(timer, ms);
    return () => {
      this.#pending.delete(timer);
      clearTimeout(timer);
    };
  }
  /** What is waited for at this moment: the times that were given, in milliseconds. */
  pending(): readonly number[] {
    return [...this.#pending.values()];
  }
  id(): string {
    this.#count += 1;
    return `test-id-${String(this.#count).padStart(6, "0")}-${Math.random().toString(36).slice(2, 8)}`;
  }
  random(): number {
    return 0.5;
  }
}
