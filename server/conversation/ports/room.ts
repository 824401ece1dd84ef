/** The port of whoever listens. Its words (room, listener, view) are in docs/words.md. */
import type { Actor, JournalEvent } from "../../../protocol/events.ts";
import type { ProgressFrame, TextFrame } from "../../../protocol/frames.ts";

/** A piece of text whose step has a name: the first piece has the offset 0, and those that follow have its `stream`. */
export type NamedText = Required<TextFrame>;

/** Somebody is writing. */
export interface Typing {
  readonly conversationId: string;
  readonly by: Actor;
  readonly what: "message" | "reply" | "note";
  /** Whether its customer is to see it: a reply of the person who answers. */
  readonly forCustomer: boolean;
}

/** Whoever listens to a conversation, each in their own view. Never throws, never blocks. */
export interface Room {
  events(conversationId: string, events: readonly JournalEvent[]): void;
  text(frame: NamedText): void;
  progress(frame: ProgressFrame): void;
  typing(typing: Typing): void;
}
