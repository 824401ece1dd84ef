/** What one side puts in and the other reads, in its order, by one reader. */
export class Channel<Item> implements AsyncIterable<Item> {
  readonly #items: Item[] = [];
  #over: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  put(item: Item): void {
    if (this.#over !== undefined) return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** What was put in before is still read. */
  end(): void {
    this.#finish({});
  }

  /** What was put in before and not read is dropped. */
  fail(error: unknown): void {
    if (this.#over !== undefined) return;
    this.#items.length = 0;
    this.#finish({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#over === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if ("error" in this.#over) throw this.#over.error;
      else return;
    }
  }

  #finish(over: { readonly error?: unknown }): void {
    this.#over ??= over;
    this.#wake?.();
  }
}
