import { html, nothing, type TemplateResult } from "lit";
import type { McpTool } from "../../../api/types.ts";
import "../../../parts/json-view.ts";
import { icon } from "../../../parts/icon.ts";
import { textDifference } from "../../../parts/text-difference.ts";
import { schemaTable } from "./schema-table.ts";
import { toolWords } from "./tool-words.ts";

interface ReviewGiven {
  readonly mayChange: boolean;
  readonly accept: (hash: string) => void;
  readonly keepOff: () => void;
}

/** What somebody has to look at before the model may have the tool as it is now. */
export function toolReview(tool: McpTool, given: ReviewGiven): TemplateResult | typeof nothing {
  const { state: is, change, proposal } = tool;
  if (is === "gone")
    return html`<p class="note" data-tone="warning">
      ${icon("alert")}<span><strong>${toolWords.goneTitle}.</strong> ${toolWords.goneText}</span>
    </p>`;
  if (is === "changed" && change !== undefined) {
    return section(tool, given, {
      title: toolWords.changedTitle,
      text: toolWords.changedText,
      hash: change.hash,
      body: html`${differences(change.difference)}${hiddenNote(change.hidden)}${definition(change.definition)}`,
    });
  }
  if (is === "new") return section(tool, given, { title: toolWords.newTitle, text: toolWords.newText, hash: tool.hash, body: nothing });
  if (proposal === undefined) return nothing;
  return section(tool, given, {
    title: toolWords.proposedTitle,
    text: toolWords.proposedText(proposal.customers),
    hash: proposal.hash,
    body: html`${proposal.differs ? html`<p>${toolWords.differs}</p>` : nothing}
    ${proposal.definition === undefined ? html`<p class="muted">${toolWords.oneCustomer}</p>` : html`${differences(proposal.difference ?? [])}${hiddenNote(proposal.hidden ?? [])}${definition(proposal.definition)}`}`,
  });
}

function section(
  tool: McpTool,
  { mayChange, accept, keepOff }: ReviewGiven,
  { title, text, hash, body }: { readonly title: string; readonly text: string; readonly hash: string | undefined; readonly body: unknown },
): TemplateResult {
  return html`<section class="group review" aria-label=${title}>
    <h2>${title}</h2>
    <p>${text}</p>
    ${body}
    ${
      mayChange
        ? html`<div class="actions">
            ${tool.enabled ? html`<button type="button" @click=${keepOff}>${toolWords.keepOff}</button>` : nothing}
            ${hash === undefined ? nothing : html`<button type="button" class="primary" @click=${() => accept(hash)}>${toolWords.accept}</button>`}
          </div>`
        : nothing
    }
  </section>`;
}

function differences(all: NonNullable<McpTool["change"]>["difference"]): TemplateResult {
  return html`${all.map(
    ({ path, before, after }) =>
      html`<h3><code>${path === "" ? "/" : path}</code></h3>
        ${textDifference(textOf(before), textOf(after))}`,
  )}`;
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}

function definition(given: NonNullable<McpTool["change"]>["definition"]): TemplateResult {
  return html`<h3>${toolWords.parameters}</h3>
    ${schemaTable(given.inputSchema)}
    <details class="disclosure">
      <summary>${toolWords.whole}</summary>
      <desk-json .value=${given} label=${toolWords.whole}></desk-json>
    </details>`;
}

/** Characters that nobody sees, each by its number. */
export function hiddenNote(hidden: McpTool["hidden"]): TemplateResult | typeof nothing {
  if (hidden.length === 0) return nothing;
  return html`<section class="note" data-tone="bad">
    ${icon("shield")}
    <div>
      <p><strong>${toolWords.hiddenTitle}.</strong> ${toolWords.hiddenText}</p>
      ${hidden.map(
        ({ path, revealed }) =>
          html`<p><code>${path}</code></p>
            <pre class="revealed">
${revealed.split(/(⟨U\+[^⟩]*⟩)/).map((part) => (part.startsWith("⟨U+") ? html`<mark>${part}</mark>` : part))}</pre>`,
      )}
    </div>
  </section>`;
}
