/** Room for the turns of each assistant: so many at once, the rest in the order in which they came. */
export class TurnPlaces {
  readonly #busy = new Map<string, number>();
  /** Conversations that wait for room, by assistant. */
  readonly #queues = new Map<string, Set<string>>();

  /** Takes a place among `most`. False: there is none, and the conversation waits for one. */
  take(assistant: string, conversationId: string, most: number): boolean {
    const busy = this.#busy.get(assistant) ?? 0;
    if (busy >= most) {
      const queue = this.#queues.get(assistant) ?? new Set();
      this.#queues.set(assistant, queue.add(conversationId));
      return false;
    }
    this.#busy.set(assistant, busy + 1);
    this.#queues.get(assistant)?.delete(conversationId);
    return true;
  }

  /** As `take`, but nobody waits. */
  takeFree(assistant: string, most: number): boolean {
    const busy = this.#busy.get(assistant) ?? 0;
    if (busy >= most) return false;
    this.#busy.set(assistant, busy + 1);
    return true;
  }

  /** Gives a place back. Answers with the conversation that has waited longest, which waits no more. */
  giveBack(assistant: string): string | undefined {
    this.#busy.set(assistant, (this.#busy.get(assistant) ?? 1) - 1);
    const queue = this.#queues.get(assistant);
    const [next] = queue ?? [];
    if (next !== undefined) queue?.delete(next);
    return next;
  }

  /** How many conversations of an assistant wait. */
  queued(assistant: string): number {
    return this.#queues.get(assistant)?.size ?? 0;
  }

  /** From now on nobody waits. */
  clear(): void {
    this.#queues.clear();
  }
}
