import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../foundation/form.ts";
import { conflictAt } from "./conflict.ts";
import { factWords } from "./fact-words.ts";
import { idOf } from "./fields.ts";
import { icon } from "./icon.ts";
import { focusNewRow } from "./new-row.ts";

/** A name, such as a header's, and what the website says of the customer that goes there. */
export interface FactRow {
  readonly name: string;
  readonly fact: string;
}

type Facts = Readonly<Record<string, string | null | undefined>>;

/** What can be named without knowing the website. */
const KNOWN = ["sub", "name", "email", "attributes."];

export function factRowsOf(facts: Facts = {}): readonly FactRow[] {
  return Object.entries(facts).flatMap(([name, fact]) => (typeof fact === "string" ? [{ name, fact }] : []));
}

/** Rows without a name were begun and left. */
export function factsIn(rows: unknown): Record<string, string> {
  const given = Array.isArray(rows) ? (rows as readonly FactRow[]) : [];
  return Object.fromEntries(given.flatMap(({ name, fact }) => (name.trim() === "" ? [] : [[name.trim(), fact.trim()]])));
}

interface FactRows {
  /** Of the rows in the form. */
  readonly path: string;
  readonly legend: string;
  readonly hint: string;
  readonly nameLabel: string;
  readonly placeholder: string;
  readonly isReadOnly: boolean;
  readonly changed?: () => void;
}

/** What of the customer goes where. */
export function factRows(form: Form<object>, given: FactRows): TemplateResult {
  const { path, legend, hint, isReadOnly, changed } = given;
  const rows = (form.get(path) ?? []) as readonly FactRow[];
  const set = (next: readonly FactRow[]): void => {
    form.set(path, next);
    changed?.();
  };
  const add = (event: Event): void => {
    const group = (event.currentTarget as HTMLElement).closest("fieldset");
    set([...rows, { name: "", fact: "sub" }]);
    void focusNewRow(group, "[data-name]");
  };
  const fault = rows.some(({ name }) => form.fault(rowPath(path, name)) !== undefined) ? undefined : form.fault(path);
  return html`<fieldset class="rows">
    <legend>${legend}</legend>
    <p class="hint">${hint}</p>
    ${rows.map((row, at) => factRow(form, { ...given, row, at, set: (next) => set(next === undefined ? rows.toSpliced(at, 1) : rows.with(at, next)) }))}
    ${fault === undefined ? nothing : html`<div class="field-fault">${fault}</div>`}
    ${isReadOnly ? nothing : html`<button type="button" aria-label="${factWords.add}: ${legend}" @click=${add}>${icon("plus")}${factWords.add}</button>`}
    ${conflictAt(form, path, (theirs) => ((theirs ?? []) as readonly FactRow[]).map(({ name, fact }) => `${name}: ${fact}`))}
  </fieldset>`;
}

interface OneRow extends FactRows {
  readonly row: FactRow;
  readonly at: number;
  readonly set: (row: FactRow | undefined) => void;
}

function factRow(form: Form<object>, { path, nameLabel, placeholder, isReadOnly, row, at, set }: OneRow): TemplateResult {
  const fault = form.fault(rowPath(path, row.name));
  const id = `${idOf(path, form.place)}-${at}`;
  const typed = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
  const invalid = fault === undefined ? "false" : "true";
  return html`<div class="row header-row">
    <label
      ><span class="label">${nameLabel}</span
      ><input
        class="code"
        data-name
        autocomplete="off"
        spellcheck="false"
        placeholder=${placeholder}
        .value=${live(row.name)}
        ?readonly=${isReadOnly}
        aria-describedby="${id}-fault"
        aria-invalid=${invalid}
        @input=${(event: Event) => set({ ...row, name: typed(event) })}
    /></label>
    <label
      ><span class="label">${factWords.fact}</span
      ><input
        class="code"
        list="${id}-facts"
        autocomplete="off"
        spellcheck="false"
        .value=${live(row.fact)}
        ?readonly=${isReadOnly}
        aria-describedby="${id}-fault"
        aria-invalid=${invalid}
        @input=${(event: Event) => set({ ...row, fact: typed(event) })}
      /><datalist id="${id}-facts">${KNOWN.map((fact) => html`<option value=${fact}></option>`)}</datalist></label
    >
    ${
      isReadOnly
        ? nothing
        : html`<button
            type="button"
            class="quiet icon-only"
            aria-label=${factWords.remove(row.name || factWords.unnamed)}
            @click=${() => set(undefined)}
          >
            ${icon("remove")}
          </button>`
    }
    <div id="${id}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
  </div>`;
}

function rowPath(path: string, name: string): string {
  return `${path}/${name.trim().replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
