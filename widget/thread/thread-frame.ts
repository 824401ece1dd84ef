import type { WireError } from "../../protocol/errors.ts";
import type {
  EventPage,
  EventsFrame,
  OpenedConversation,
  ProgressFrame,
  TextFrame,
  TypingFrame,
  WelcomeFrame,
} from "../../protocol/frames.ts";
import type { CustomerMessage, ThreadState } from "./state.ts";

/** All that can change a thread: what the server sends, and what happens in this tab. */
export type ThreadFrame =
  /** `receivedAt`: our clock, milliseconds since 1970. */
  | { readonly type: "welcome"; readonly frame: WelcomeFrame; readonly receivedAt: number }
  /** The reply to `conversation-open`; `after` as it was asked. */
  | { readonly type: "opened"; readonly reply: OpenedConversation; readonly after?: number }
  /** The reply to `conversation-page`; `before` as it was asked. */
  | { readonly type: "paged"; readonly reply: EventPage; readonly before: number }
  | { readonly type: "events"; readonly frame: EventsFrame }
  | { readonly type: "text"; readonly frame: TextFrame }
  | { readonly type: "progress"; readonly frame: ProgressFrame }
  /** A person writes; without `frame` they do no longer. */
  | { readonly type: "typing"; readonly frame?: TypingFrame }
  | { readonly type: "connection"; readonly connection: ThreadState["connection"]; readonly refusal?: WireError }
  /** This browser's messages for this conversation that are not acknowledged, in the order they were written. */
  | { readonly type: "outbox"; readonly messages: readonly CustomerMessage[] }
  /** This tab decided a card that waits: `deciding` is on its way, or `error` is what the server said to it. */
  | { readonly type: "decide"; readonly cardId: string; readonly deciding?: string; readonly error?: WireError }
  /** The turn is asked to stop, or that could not be sent. */
  | { readonly type: "stop"; readonly turnId: string; readonly stopping: boolean };
