import { html, nothing, type TemplateResult } from "lit";
import type { CustomerMessage } from "../../thread/state.ts";
import { errorText } from "../foundation/error-text.ts";
import { IntentEvent, type Intent } from "../foundation/intents.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

const says =
  (intent: Intent) =>
  (event: Event): void => {
    event.target?.dispatchEvent(new IntentEvent(intent));
  };

/** What the customer wrote, and how far it came. `isHeld`: the answer before waits for a decision. */
export function messageBubble(message: CustomerMessage, context: ThreadContext, isHeld = false): TemplateResult {
  const { words } = context;
  return html`<div class="message ${message.status}" part="message">
    <span class="unseen">${words.says(words.you)} </span>
    <p class="bubble">${message.text}</p>
    ${message.via && html`<p class="mark">${words.byBrowser}</p>`} ${messageMark(message, context, isHeld)}
  </div>`;
}

function messageMark(
  { status, messageId, error, isSpoken }: CustomerMessage,
  context: ThreadContext,
  isHeld: boolean,
): TemplateResult | typeof nothing {
  const { words, formats } = context;
  const why = errorText(error, words);
  switch (status) {
    case "stored":
      return isSpoken ? html`<front-desk-voice-note .context=${context}></front-desk-voice-note>` : nothing;
    case "sending":
      return error === undefined ? html`<p class="mark late">${words.sending}</p>` : html`<p class="mark">${why} ${words.sentAgain}</p>`;
    case "queued":
      return html`<p class="mark">${isHeld ? words.queuedBehindCard : words.queued}</p>`;
    case "failed":
      return html`<p class="mark">
        <span class="danger">
          ${words.notSent} ${why} ${error?.retryAfterMs === undefined ? nothing : words.tryAgainIn(formats.left(error.retryAfterMs))}
        </span>
        <button class="link" @click=${says({ kind: "retry-message", messageId })}>${words.tryAgain}</button>
        <button class="link" @click=${says({ kind: "remove-message", messageId })}>${words.remove}</button>
      </p>`;
  }
}
