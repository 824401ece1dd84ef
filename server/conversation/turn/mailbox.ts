/** A queue between many who post and the one who takes. `take` waits until there is something and empties the box. */
export class Mailbox<T> {
  #items: T[] = [];
  #waiting: (() => void) | undefined;

  post(item: T): void {
    this.#items.push(item);
    this.#waiting?.();
    this.#waiting = undefined;
  }

  async take(): Promise<readonly T[]> {
    if (this.#items.length === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    return this.drain();
  }

  drain(): readonly T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}
