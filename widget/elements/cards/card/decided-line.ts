import { html, nothing, type TemplateResult } from "lit";
import { checkIcon } from "../../foundation/call-icons.ts";
import { crossIcon } from "../../foundation/icons.ts";

/** The line that a decided card leaves. */
export function decidedLine(
  isDone: boolean,
  text: string,
  part = "card-decided",
  more: readonly (string | undefined)[] = [],
): TemplateResult {
  return html`<div class="decided" part=${part} tabindex="-1">
    ${isDone ? checkIcon : crossIcon}
    <div><span>${text}</span> ${more.map((line) => (line ? html`<span class="quiet">${line}</span>` : nothing))}</div>
  </div>`;
}
