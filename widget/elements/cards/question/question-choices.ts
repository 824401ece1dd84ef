import { html, type TemplateResult } from "lit";
import type { InputValue } from "../../../../protocol/input-fields.ts";
import type { InputCard } from "../../../thread/state.ts";
import { questionWords } from "../../../words/question-words.ts";
import { decide } from "../card/decide.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";

type Asking = HTMLElement & { readonly card: InputCard; readonly context: ThreadContext };

/** Says what the customer decided. */
export function decideInput(
  element: Asking,
  action: "accept" | "decline" | "cancel",
  content?: Readonly<Record<string, InputValue>>,
): void {
  const { requestId } = element.card;
  const frame = { requestId, action, ...(content === undefined ? {} : { content }) };
  decide(element, { name: "input-decide", frame, deciding: action });
}

/** The buttons below a question. Without `onAccept` the first one submits the form around it. */
export function questionChoices(
  element: Asking,
  { accept, onAccept, canAccept = true }: { readonly accept: string; readonly onAccept?: () => unknown; readonly canAccept?: boolean },
): TemplateResult {
  const { deciding } = element.card;
  const words = questionWords.in(element.context.words);
  // Not `disabled`: that would take the focus from the person who pressed it.
  const busy = String(deciding !== undefined);
  const press = (action: "accept" | "decline" | "cancel", before?: () => unknown) => (): void => {
    if (element.card.deciding !== undefined) return;
    before?.();
    decideInput(element, action);
  };
  return html`<div class="choices">
    <button type="button" class="button" part="decline" aria-disabled=${busy} @click=${press("decline")}>${words.decline}</button>
    <button
      type=${onAccept === undefined ? "submit" : "button"}
      class="button primary"
      part="accept"
      aria-disabled=${canAccept ? busy : "true"}
      @click=${onAccept !== undefined && canAccept ? press("accept", onAccept) : undefined}
    >
      ${deciding === "accept" ? words.sendingAnswer : accept}
    </button>
    <button type="button" class="link" aria-disabled=${busy} @click=${press("cancel")}>${words.cancel}</button>
  </div>`;
}
