import type { CardDecision } from "../../controllers/card-decision.ts";
import { NativeEvent } from "../../native/native-event.ts";

export type { CardDecision };

/** What a person wants done, said by the element they touched. */
export type Intent =
  /** `view`: the call whose view wrote it. */
  | { readonly kind: "send"; readonly text: string; readonly view?: string }
  /** Not to be sent yet: what is in the text field now. */
  | { readonly kind: "draft"; readonly text: string }
  | { readonly kind: "stop" }
  | { readonly kind: "call" }
  | { readonly kind: "retry"; readonly turnId: string }
  | { readonly kind: "retry-message"; readonly messageId: string }
  | { readonly kind: "remove-message"; readonly messageId: string }
  | { readonly kind: "decide"; readonly decision: CardDecision };

/** Carries an intent up to `<front-desk>`, which stops it there: the page never sees one. */
export class IntentEvent extends NativeEvent {
  static readonly type = "front-desk-intent";
  readonly intent: Intent;

  constructor(intent: Intent) {
    super(IntentEvent.type, { bubbles: true, composed: true });
    this.intent = intent;
  }
}

declare global {
  interface HTMLElementEventMap {
    "front-desk-intent": IntentEvent;
  }
}
