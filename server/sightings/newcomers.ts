const WINDOW_MS = 60 * 60_000;
/** New pages that one network may bring within an hour. Pages that are known already do not count. */
const MOST_NEW = 12;
/** Networks that are remembered within an hour. */
const MOST_NETWORKS = 5000;

/**
 * Whether a network may bring yet another new page. Anybody can send any origin, so without this one visitor could push
 * all others out of a list. Networks are counted in memory for an hour and kept nowhere.
 */
export class Newcomers {
  readonly #counts = new Map<string, number>();
  #endsAt = 0;

  admit(network: string, now: number): boolean {
    if (now >= this.#endsAt || this.#counts.size >= MOST_NETWORKS) {
      this.#counts.clear();
      this.#endsAt = now + WINDOW_MS;
    }
    const count = (this.#counts.get(network) ?? 0) + 1;
    this.#counts.set(network, count);
    return count <= MOST_NEW;
  }
}
