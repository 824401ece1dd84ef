import type { Card } from "../../../thread/state.ts";
import { IntentEvent, type CardDecision } from "../../foundation/intents.ts";

/** Says what the customer decided about a card; a second decision while one is on its way is none. */
export function decide(element: HTMLElement & { readonly card: Card }, decision: CardDecision): void {
  if (element.card.deciding === undefined) element.dispatchEvent(new IntentEvent({ kind: "decide", decision }));
}
