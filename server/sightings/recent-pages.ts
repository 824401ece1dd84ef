/** When something happened first and last, and how often. */
export interface Occurrence {
  readonly first: number;
  readonly last: number;
  readonly times: number;
}

/** A list of bounded length by name: when it is full, what has not happened for the longest time is forgotten. */
export class RecentPages {
  readonly #most: number;
  /** What happened last is at the end. */
  readonly #pages = new Map<string, Occurrence>();

  constructor(most: number, kept: readonly (readonly [name: string, occurrence: Occurrence])[] = []) {
    this.#most = most;
    for (const [name, occurrence] of kept.slice(-most)) this.#pages.set(name, occurrence);
  }

  has(name: string): boolean {
    return this.#pages.has(name);
  }

  note(name: string, now: number): void {
    const before = this.#pages.get(name);
    this.#pages.delete(name);
    this.#pages.set(name, { first: before?.first ?? now, last: now, times: (before?.times ?? 0) + 1 });
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > this.#most && oldest !== undefined) this.#pages.delete(oldest);
  }

  forget(name: string): boolean {
    return this.#pages.delete(name);
  }

  /** The one that happened last comes last. */
  all(): [name: string, occurrence: Occurrence][] {
    return [...this.#pages];
  }
}
