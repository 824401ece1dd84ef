/** The port of whoever listens. Its words (room, listener, view) are in docs/words.md. */
import type { JournalEvent } from "../../../protocol/events.ts";
import type { ProgressFrame, TextFrame } from "../../../protocol/frames.ts";

/** Whoever listens to a conversation, each in their own view. Never throws, never blocks. */
export interface Room {
  events(conversationId: string, events: readonly JournalEvent[]): void;
  text(frame: TextFrame): void;
  progress(frame: ProgressFrame): void;
}
