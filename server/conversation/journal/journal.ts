import type { JournalEvent } from "../../../protocol/events.ts";
import type { Live } from "./live.ts";
import type { Append, Appended, Store } from "../ports/store.ts";

/** Writes to the journal and, once that is kept, reports it to whoever listens: always in this order. */
export class Journal {
  readonly #store: Store;
  readonly #live: Live;

  constructor(store: Store, live: Live) {
    this.#store = store;
    this.#live = live;
  }

  async append(append: Append): Promise<Appended> {
    const appended = await this.#store.append(append);
    if (appended.events.length > 0) this.tell(append.conversationId, appended.events);
    return appended;
  }

  /** Reports events that the store wrote by itself. */
  tell(conversationId: string, events: readonly JournalEvent[]): void {
    this.#live.events(conversationId, events);
  }
}
