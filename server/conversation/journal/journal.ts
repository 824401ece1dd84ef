import { RequestError } from "../../../protocol/errors.ts";
import type { JournalEvent } from "../../../protocol/events.ts";
import { ConversationMissingError, ConversationTakenError } from "../ports/errors.ts";
import type { Live } from "./live.ts";
import type { Append, Appended, Store } from "../ports/store.ts";

/** Writes to the journal and, once that is kept, reports it to whoever listens: always in this order. */
export class Journal {
  readonly #store: Store;
  readonly #live: Live;
  readonly #held = new Map<string, JournalEvent>();

  constructor(store: Store, live: Live) {
    this.#store = store;
    this.#live = live;
  }

  /**
   * Throws `RequestError` `unknown-conversation` where it is somebody else's, or nobody's: it may be erased while
   * somebody writes. And what `Store.append` throws.
   */
  async append(append: Append): Promise<Appended> {
    const appended = await this.#store.append(append).catch((error: unknown) => {
      const isNotThere = error instanceof ConversationTakenError || error instanceof ConversationMissingError;
      throw isNotThere ? new RequestError("unknown-conversation") : error;
    });
    if (appended.events.length > 0) this.tell(append.conversationId, appended.events);
    return appended;
  }

  /** Reports events, and the one that is held to follow them. */
  tell(conversationId: string, events: readonly JournalEvent[]): void {
    const held = this.#held.get(conversationId);
    const follows = held !== undefined && events.at(-1)?.seq === held.seq - 1;
    if (follows) this.#held.delete(conversationId);
    this.#live.events(conversationId, follows ? [...events, held] : events);
  }

  /** Holds an event that the store wrote with others, until those are reported: listeners hear everything in order. */
  hold(conversationId: string, event: JournalEvent): void {
    this.#held.set(conversationId, event);
  }

  /** The event that is held no longer, if it was not reported yet. */
  letGo(conversationId: string): JournalEvent | undefined {
    const held = this.#held.get(conversationId);
    this.#held.delete(conversationId);
    return held;
  }
}
