import type { JournalEvent } from "../../protocol/events.ts";
import type { ProgressFrame } from "../../protocol/frames.ts";
import type { NamedText, Room, Typing } from "../conversation/ports/room.ts";
import type { Log } from "../foundation/log.ts";

/**
 * One kind of listener, such as all customers on their line, with the view of a conversation that its kind may have.
 */
export interface Listener<Seen = unknown> {
  /** For the log. */
  readonly name: string;
  /** Whether anybody of this kind listens now. While nobody does, no view is made. */
  hears(conversationId: string): boolean;
  /** An event of the conversation as this kind may see it. */
  view(event: JournalEvent, conversationId: string): Seen;
  events(conversationId: string, events: readonly Seen[]): void;
  /** Text and progress are the same in every view. */
  text(frame: NamedText): void;
  progress(frame: ProgressFrame): void;
  /** Each kind tells who of its own may know. */
  typing(typing: Typing): void;
}

/**
 * All who listen to conversations: each kind of listener gets each event in its own view, which is made once for all of
 * them. A kind that fails is logged and harms no other; it finds what it missed in the journal.
 */
export function createRoom(listeners: readonly Listener[], log: Log): Room {
  const quietly = (conversationId: string, { name }: Listener, tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      log.error(
        { error, conversationId, listener: name },
        "The listeners of a conversation missed something. They find it in the journal.",
      );
    }
  };
  return {
    events(conversationId, events) {
      for (const listener of listeners)
        quietly(conversationId, listener, () => {
          if (!listener.hears(conversationId)) return;
          listener.events(
            conversationId,
            events.map((event) => listener.view(event, conversationId)),
          );
        });
    },
    text(frame) {
      for (const listener of listeners) quietly(frame.conversationId, listener, () => listener.text(frame));
    },
    progress(frame) {
      for (const listener of listeners) quietly(frame.conversationId, listener, () => listener.progress(frame));
    },
    typing(typing) {
      for (const listener of listeners) quietly(typing.conversationId, listener, () => listener.typing(typing));
    },
  };
}
