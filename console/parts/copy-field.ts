import { html, type TemplateResult } from "lit";
import { icon } from "./icon.ts";
import { partWords } from "./part-words.ts";
import { copyText } from "./toasts.ts";

/** A text that is there to be copied, such as a link or a line of code. */
export function copyField(label: string, text: string, copied: () => void = () => undefined): TemplateResult {
  const copy = async (): Promise<void> => {
    if (await copyText(text)) copied();
  };
  return html`<div class="copy-field">
    <code role="textbox" aria-readonly="true" aria-label=${label} tabindex="0" @copy=${copied}>${text}</code>
    <button type="button" aria-label="${partWords.copy}: ${label}" @click=${() => void copy()}>${icon("copy")}${partWords.copy}</button>
  </div>`;
}
