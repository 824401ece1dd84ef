/** What the server tells on the customer line, unasked. */
import type { VisibleEvent } from "./events.ts";

/** `event`: one or more journal entries, in order, without gaps between them. */
export interface EventsFrame {
  readonly conversationId: string;
  readonly events: readonly VisibleEvent[];
}

/**
 * `text`: what the model just said. `offset` is in UTF-16 code units from the start of the step's text. `stream` names
 * this step's text on this connection: `more` frames say it in place of the ids. Older servers send none.
 */
export interface TextFrame {
  readonly conversationId: string;
  readonly turnId: string;
  readonly step: number;
  readonly stream?: number;
  readonly offset: number;
  readonly text: string;
}

/**
 * `more`: what the model said next, for readers whose hello says `more`. It goes on with the `text` frame, or with the
 * `running` of an opened conversation, that has the same `stream`. A reader that knows none of this name missed
 * something and opens the conversation again.
 */
export type MoreFrame = readonly [stream: number, offset: number, text: string];

/** `progress`: how far a running call is; passing, never stored. `total` absent: unknown. */
export interface ProgressFrame {
  readonly conversationId: string;
  readonly callId: string;
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** `renew`: what the site said of the customer runs out. `identity-renew` answers it, or a new hello. */
export type RenewFrame = Record<string, never>;

/** `typing`: a person writes a reply. `name` absent: the team. It holds for 6 s, or until the reply comes. */
export interface TypingFrame {
  readonly conversationId: string;
  readonly name?: string;
}
