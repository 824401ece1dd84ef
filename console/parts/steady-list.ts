/**
 * A list that does not move while somebody points at it or is in it with the keyboard: what comes waits, and what went
 * stays until they leave.
 */
export class SteadyList<Item> {
  readonly #key: (item: Item) => string;
  #shown: readonly Item[] = [];
  #latest: readonly Item[] = [];

  constructor(key: (item: Item) => string) {
    this.#key = key;
  }

  /** What is drawn. */
  get items(): readonly Item[] {
    return this.#shown;
  }

  /** How many wait to be drawn. */
  get fresh(): number {
    const keys = new Set(this.#shown.map(this.#key));
    return this.#latest.filter((item) => !keys.has(this.#key(item))).length;
  }

  isGone(item: Item): boolean {
    return !this.#latest.some((one) => this.#key(one) === this.#key(item));
  }

  /**
   * The newest word on it. While it is held, what is shown keeps its place and is drawn anew. `kept` stays in any case:
   * somebody is about to do something with it.
   */
  take(latest: readonly Item[], isHeld: boolean, kept?: Item): void {
    this.#latest = latest;
    if (!isHeld || this.#shown.length === 0) {
      const at = kept === undefined ? -1 : this.#shown.indexOf(kept);
      this.settle();
      if (kept !== undefined && at !== -1 && this.isGone(kept)) this.#shown = this.#shown.toSpliced(at, 0, kept);
      return;
    }
    const byKey = new Map(latest.map((item) => [this.#key(item), item]));
    this.#shown = this.#shown.map((item) => byKey.get(this.#key(item)) ?? item);
  }

  /** Nobody holds it any more, or somebody wants to see what came. */
  settle(): void {
    this.#shown = this.#latest;
  }

  /** Takes one out that the person themselves has done with. */
  remove(key: string): void {
    this.#shown = this.#shown.filter((item) => this.#key(item) !== key);
    this.#latest = this.#latest.filter((item) => this.#key(item) !== key);
  }
}
