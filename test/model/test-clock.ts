import type { Clock } from "../../server/foundation/clock.ts";
import type { Log } from "../../server/foundation/log.ts";

interface Waiting {
  readonly ms: number;
  readonly callback: () => void;
}

/**
 * Time that stands until the test moves it. `hurried` lets every wait end at once and remembers how long it would have
 * been.
 */
export class TestClock implements Clock {
  readonly waits: number[] = [];
  readonly hurried: boolean;
  chance = 0;
  time = Date.UTC(2026, 10, 20, 9);
  #ids = 0;
  readonly #waiting = new Set<Waiting>();

  constructor({ hurried = false }: { hurried?: boolean } = {}) {
    this.hurried = hurried;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    this.waits.push(ms);
    const waiting = { ms, callback };
    this.#waiting.add(waiting);
    if (this.hurried) setImmediate(() => this.#waiting.delete(waiting) && callback());
    return () => void this.#waiting.delete(waiting);
  }

  id(): string {
    return `id${++this.#ids}`;
  }

  random(): number {
    return this.chance;
  }
}

export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
