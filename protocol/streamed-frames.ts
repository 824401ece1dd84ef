/** What passes on the customer line while an answer is made. Nothing of it is stored. */

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
