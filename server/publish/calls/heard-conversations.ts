import type { JournalEvent } from "../../../protocol/events.ts";

type Hear = (event: JournalEvent) => void;

/** Listens to the conversations in which a published call is answered; whoever follows one hears everything of it. */
export class HeardConversations {
  readonly name = "published calls";
  readonly #followers = new Map<string, Set<Hear>>();

  /** The returned function ends it. */
  follow(conversationId: string, hear: Hear): () => void {
    const followers = this.#followers.get(conversationId) ?? new Set();
    followers.add(hear);
    this.#followers.set(conversationId, followers);
    return () => {
      followers.delete(hear);
      if (followers.size === 0) this.#followers.delete(conversationId);
    };
  }

  hears(conversationId: string): boolean {
    return this.#followers.has(conversationId);
  }

  view(event: JournalEvent): JournalEvent {
    return event;
  }

  events(conversationId: string, events: readonly JournalEvent[]): void {
    for (const hear of this.#followers.get(conversationId) ?? []) for (const event of events) hear(event);
  }

  text(): void {
    // Whole texts are in the events.
  }

  progress(): void {
    // A published call hands progress on itself.
  }

  typing(): void {
    // Nobody is there to see it.
  }
}
