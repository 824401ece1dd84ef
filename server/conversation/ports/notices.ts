import type { EventOf } from "../../../protocol/events.ts";

/** What the staff, or somebody on their behalf, may want to hear of at once. */
export type NoticedEvent = EventOf<"person-asked" | "contact-left" | "person-joined" | "handed-back" | "conversation-closed">;

export interface Notice {
  readonly conversationId: string;
  /** The key of the assistant. */
  readonly assistant: string;
  /** The name of the preview in which it is held; absent: a customer's own. */
  readonly preview?: string;
  readonly customerId: string;
  readonly event: NoticedEvent;
}

/** Whoever tells the staff. The journal has it already. Never throws, never blocks. */
export interface Notices {
  notice(notice: Notice): void;
}
