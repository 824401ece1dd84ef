import { html, type TemplateResult } from "lit";
import type { Words } from "../../words/types/words.ts";

export function reloadButton({ reload }: Words): TemplateResult {
  return html`<button class="link" @click=${() => location.reload()}>${reload}</button>`;
}

/**
 * Shown where a part of the widget itself could not be loaded: the server may have been renewed since this page was.
 */
export function incompleteNote(words: Words): TemplateResult {
  return html`<p class="note danger">${words.incomplete} ${reloadButton(words)}</p>`;
}
