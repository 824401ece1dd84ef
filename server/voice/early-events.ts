import type { JournalEvent } from "../../protocol/events.ts";

/** What happens in a conversation while what had happened before is still read. */
export class EarlyEvents {
  #events: JournalEvent[] | undefined = [];

  /** False: it is not early any more. */
  keep(event: JournalEvent): boolean {
    this.#events?.push(event);
    return this.#events !== undefined;
  }

  /** What had happened before, with what was kept behind it, each once. From now on nothing is early. */
  after(before: readonly JournalEvent[]): readonly JournalEvent[] {
    const early = this.#events ?? [];
    this.#events = undefined;
    const known = new Set(early.map(({ seq }) => seq));
    return [...before.filter(({ seq }) => !known.has(seq)), ...early];
  }
}
