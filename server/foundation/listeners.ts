/** Whoever has to follow a change before the one who made it is answered. A listener that fails does not undo the change; the first failure is thrown on. */
export class Listeners {
  readonly #listeners = new Set<() => void | Promise<void>>();

  /** The returned function ends it. */
  add(listener: () => void | Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when every listener has followed. */
  async tell(): Promise<void> {
    const told = await Promise.allSettled([...this.#listeners].map(async (listener) => listener()));
    const failed = told.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}
