import { html, nothing, type TemplateResult } from "lit";
import type { Turn } from "../../thread/state.ts";
import type { Words } from "../../words/types/words.ts";

/**
 * Asked before a conversation is left in which something is still going on. The button that loses nothing comes first.
 */
export function leaveQuestion(
  words: Words,
  turn: Turn | undefined,
  { leave, stay }: { leave: () => void; stay: () => void },
): TemplateResult {
  return html`<div class="leave" role="alertdialog" aria-labelledby="leave">
    <p id="leave">${words.askNew} ${turn?.status === "waiting" ? words.losesCard : nothing}</p>
    <button class="button" @click=${stay}>${words.keepThis}</button>
    <button class="button" @click=${leave}>${words.startNew}</button>
  </div>`;
}
