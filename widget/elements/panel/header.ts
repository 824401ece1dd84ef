import { html, nothing, type TemplateResult } from "lit";
import type { Actor } from "../../../protocol/events.ts";
import { composeIcon, crossIcon } from "../foundation/icons.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import type { HeaderMenu } from "./header-menu.ts";

/**
 * The panel's head: who answers (`person`: a member of the team), and what can be done with the conversation. Without `close` it has no button for that.
 */
export function header(
  { assistantName, words }: ThreadContext,
  person: Actor | undefined,
  menu: HeaderMenu,
  { askNew, close }: { readonly askNew: () => void; readonly close: (() => void) | undefined },
): TemplateResult {
  // No <header>: that would be a second banner beside the page's own.
  return html`<div class="head" part="header" tabindex="-1" @focusout=${menu.left}>
    <div class="who">
      <h2 class="name">${assistantName}</h2>
      <p class="quiet">${person === undefined ? words.role : (person.name ?? words.team)}</p>
    </div>
    <button class="round" aria-label=${words.newConversation} title=${words.newConversation} @click=${askNew}>${composeIcon}</button>
    ${menu.draw(words, person)}
    ${close === undefined ? nothing : html`<button class="round" aria-label=${words.closeChat} @click=${close}>${crossIcon}</button>`}
  </div>`;
}
