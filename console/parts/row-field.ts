import { html, type TemplateResult } from "lit";

interface RowField {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it. */
  readonly fault: string | undefined;
}

/** Draws the field itself: its id, the ids that describe it, and whether it is wrong. */
export type DrawField = (id: string, described: string, invalid: "true" | "false") => TemplateResult;

/** A label over one field of a row, with what is to know and what is wrong below it. */
export function rowField({ id, label, hint, fault }: RowField, draw: DrawField): TemplateResult {
  return html`<div class="field">
    <label class="label" for=${id}>${label}</label>
    ${draw(id, `${id}-hint ${id}-fault`, fault === undefined ? "false" : "true")}
    <div id="${id}-hint" class="hint" ?hidden=${hint === undefined}>${hint}</div>
    <div id="${id}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
  </div>`;
}

/** What was typed or chosen. */
export function valueOf(event: Event): string {
  return (event.currentTarget as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
}
