import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../foundation/form.ts";
import { icon } from "../../parts/icon.ts";
import { conflictAt } from "../../parts/conflict.ts";
import { idOf } from "../../parts/fields.ts";
import { focusNewRow } from "../../parts/new-row.ts";
import { formWords } from "./servers/form-words.ts";

/** One header. Of a kept one the value is not known here: an empty value leaves it as it is. */
export interface HeaderRow {
  readonly name: string;
  readonly value: string;
  readonly isKept: boolean;
}

export function keptHeaders(names: readonly string[]): readonly HeaderRow[] {
  return names.map((name) => ({ name, value: "", isKept: true }));
}

/** What is sent of them: only values that were typed, and null for each that was taken away. */
export function headersPatch(names: readonly string[], rows: readonly HeaderRow[]): Record<string, string | null> {
  const left = new Set(rows.filter(({ isKept }) => isKept).map(({ name }) => name));
  const gone = names.filter((name) => !left.has(name)).map((name) => [name, null] as const);
  const typed = rows
    .filter(({ name, value }) => name.trim() !== "" && value !== "")
    .map(({ name, value }) => [name.trim(), value] as const);
  return Object.fromEntries([...gone, ...typed]);
}

const PATH = "/headers";

/** Headers as rows of a name and a value that is only written. */
export function headerRows(
  form: Form<object>,
  given: {
    readonly legend: string;
    readonly hint: string;
    readonly isReadOnly: boolean;
    readonly isTemplate?: boolean;
    readonly changed?: () => void;
  },
): TemplateResult {
  const rows = (form.get(PATH) ?? []) as readonly HeaderRow[];
  const { legend, hint, isReadOnly, isTemplate = false, changed } = given;
  const put = (at: number, row: HeaderRow | undefined): void => {
    form.set(PATH, row === undefined ? rows.filter((_, index) => index !== at) : rows.with(at, row));
    changed?.();
  };
  const add = (event: Event): void => {
    const group = (event.currentTarget as HTMLElement).closest("fieldset");
    form.set(PATH, [...rows, { name: rows.length === 0 ? "Authorization" : "", value: "", isKept: false }]);
    void focusNewRow(group, "[data-name]");
  };
  const fault = form.fault(PATH);
  return html`<fieldset class="rows">
    <legend>${legend}</legend>
    <p class="hint">${hint}</p>
    ${rows.map((row, at) => headerRow(form, row, { at, isReadOnly, isTemplate, put: (next) => put(at, next) }))}
    ${fault === undefined || rows.some(({ name }) => form.fault(`${PATH}/${escaped(name)}`) !== undefined) ? nothing : html`<div class="field-fault">${fault}</div>`}
    ${isReadOnly ? nothing : html`<button type="button" @click=${add}>${icon("plus")}${formWords.addHeader}</button>`}
    ${conflictAt(form, PATH, (theirs) => ((theirs ?? []) as readonly HeaderRow[]).map(({ name }) => formWords.headerSet(name)))}
  </fieldset>`;
}

interface RowOptions {
  readonly at: number;
  readonly isReadOnly: boolean;
  readonly isTemplate: boolean;
  readonly put: (row: HeaderRow | undefined) => void;
}

function headerRow(form: Form<object>, row: HeaderRow, { at, isReadOnly, isTemplate, put }: RowOptions): TemplateResult {
  const fault = form.fault(`${PATH}/${escaped(row.name)}`);
  const id = `${idOf(PATH)}-${at}`;
  const typed = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
  return html`<div class="row header-row">
    <label
      ><span class="label">${formWords.headerName}</span
      ><input
        class="code"
        data-name
        autocomplete="off"
        spellcheck="false"
        .value=${live(row.name)}
        ?readonly=${isReadOnly || row.isKept}
        @input=${(event: Event) => put({ ...row, name: typed(event) })}
    /></label>
    <label
      ><span class="label">${formWords.headerValue}</span
      ><input
        class="code"
        type=${isTemplate ? "text" : "password"}
        autocomplete="new-password"
        spellcheck="false"
        .value=${live(row.value)}
        placeholder=${row.isKept ? formWords.secretKept : isTemplate ? "Bearer …" : ""}
        ?readonly=${isReadOnly}
        aria-describedby="${id}-fault"
        aria-invalid=${fault === undefined ? "false" : "true"}
        @input=${(event: Event) => put({ ...row, value: typed(event) })}
    /></label>
    ${
      isReadOnly
        ? nothing
        : html`<button type="button" class="quiet icon-only" aria-label=${formWords.removeHeader(row.name)} @click=${() => put(undefined)}>
            ${icon("remove")}
          </button>`
    }
    <div id="${id}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
  </div>`;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
