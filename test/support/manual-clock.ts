import type { Clock } from "../../server/foundation/clock.ts";

/** A clock that moves only when the test says so, and then calls whoever waits, in order. */
export class ManualClock implements Clock {
  #now: number;
  #ids = 0;
  #waiting: { readonly at: number; readonly callback: () => void }[] = [];

  constructor(start = 1_700_000_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const one = { at: this.#now + ms, callback };
    this.#waiting.push(one);
    return () => void (this.#waiting = this.#waiting.filter((other) => other !== one));
  }

  id(): string {
    return `id-${String(++this.#ids).padStart(5, "0")}`;
  }

  random(): number {
    return 0.5;
  }

  /** When the next one is called, in milliseconds from now. */
  next(): number | undefined {
    const [first] = this.#waiting.map(({ at }) => at).toSorted((left, right) => left - right);
    return first === undefined ? undefined : first - this.#now;
  }

  forward(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [due] = this.#waiting.filter(({ at }) => at <= until).toSorted((left, right) => left.at - right.at);
      if (due === undefined) break;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = until;
  }
}
