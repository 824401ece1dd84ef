import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../../words/types/words.ts";
import { chatIcon, crossIcon } from "../foundation/icons.ts";

/**
 * The button in the corner of the page, with the number of unread messages. `embed/` draws the same one before this
 * code is loaded.
 */
export function launcher(words: Words, isOpen: boolean, unread: number, press: () => void): TemplateResult {
  const label = isOpen ? words.closeChat : words.openChat;
  return html`<button
      class="launcher"
      part="launcher"
      aria-label=${label}
      aria-expanded=${String(isOpen)}
      aria-describedby=${unread > 0 && !isOpen ? "badge" : nothing}
      @click=${press}
    >
      <span class="chat"><slot name="launcher">${chatIcon}</slot></span
      ><span class="cross">${crossIcon}</span>
    </button>
    ${unread > 0 && !isOpen ? html`<span class="badge" part="badge" id="badge" aria-label=${words.unread(unread)} role="img">${unread > 9 ? "9+" : unread}</span>` : nothing}`;
}
