import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../../words/types/words.ts";
import { callIcon, chatIcon, crossIcon } from "../foundation/icons.ts";

interface Launched {
  readonly isOpen: boolean;
  readonly unread: number;
  readonly isInCall: boolean | undefined;
}

/**
 * The button in the corner of the page, with the number of unread messages. `embed/` draws the same one before this
 * code is loaded. While the customer is in a call, it shows and says so.
 */
export function launcher(words: Words, { isOpen, unread, isInCall }: Launched, press: () => void): TemplateResult {
  const label = isOpen ? words.closeChat : words.openChat;
  const hasNews = unread > 0 && !isOpen;
  return html`<button
      class="launcher ${isInCall && !isOpen ? "in-call" : ""}"
      part="launcher"
      aria-label=${isInCall ? `${label}. ${words.inCall}` : label}
      aria-expanded=${String(isOpen)}
      aria-describedby=${hasNews ? "badge" : nothing}
      @click=${press}
    >
      <span class="chat">${isInCall ? callIcon : html`<slot name="launcher">${chatIcon}</slot>`}</span
      ><span class="cross">${crossIcon}</span>
    </button>
    ${hasNews ? html`<span class="badge" part="badge" id="badge" aria-label=${words.unread(unread)} role="img">${unread > 9 ? "9+" : unread}</span>` : nothing}`;
}
