import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { conflictAt } from "../../../parts/conflict.ts";
import { choiceField, switchField, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { factRows } from "../../../parts/fact-rows.ts";
import { toolsWords } from "../tools-words.ts";
import { headerRows } from "../header-rows.ts";
import type { HttpToolForm, QueryRow } from "./http-tool-form.ts";
import { httpWords } from "./http-words.ts";
import "./parameters-editor.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => [method, method] as const);

export function toolFields(
  form: Form<HttpToolForm>,
  { isNew, isReadOnly }: { readonly isNew: boolean; readonly isReadOnly: boolean },
): TemplateResult {
  return html`${textField(form, { path: "/name", label: httpWords.identifier, hint: isNew ? httpWords.identifierHint : httpWords.identifierFixed, isCode: true, isReadOnly: isReadOnly || !isNew })}
    ${textField(form, { path: "/title", label: httpWords.title, hint: httpWords.titleHint, isOptional: true, isReadOnly })}
    ${textField(form, { path: "/description", label: httpWords.description, hint: httpWords.descriptionHint, lines: 3, isReadOnly })}
    <div class="method-and-url">
      ${choiceField(form, { path: "/method", label: httpWords.method, options: METHODS, isReadOnly })}
      ${textField(form, { path: "/url", label: httpWords.url, hint: httpWords.urlHint, isCode: true, placeholder: "https://shop.example/orders/{order}", isReadOnly })}
    </div>
    <desk-parameters
      .form=${form}
      .text=${form.text("/parameters")}
      .fault=${form.fault("/parameters")}
      ?read-only=${isReadOnly}
    ></desk-parameters>
    ${queryRows(form, isReadOnly)}
    ${headerRows(form, { legend: httpWords.headers, hint: httpWords.headersHint, isReadOnly, isTemplate: true })}
    ${form.get("/method") === "GET" && form.text("/body") === "" ? nothing : textField(form, { path: "/body", label: httpWords.body, hint: httpWords.bodyHint, lines: 4, isCode: true, isOptional: true, isReadOnly })}
    ${moreFields(form, isReadOnly)}`;
}

function moreFields(form: Form<HttpToolForm>, isReadOnly: boolean): TemplateResult {
  const results = Object.entries(httpWords.resultsAll);
  return html`<details class="disclosure">
    <summary>${httpWords.more}</summary>
    ${textField(form, { path: "/timeoutMs", label: httpWords.timeout, hint: httpWords.timeoutHint, type: "number", scale: 1000, unit: httpWords.seconds, isReadOnly })}
    ${textField(form, { path: "/answerBytes", label: httpWords.answerBytes, type: "number", scale: 1024, unit: httpWords.kilobytes, isReadOnly })}
    ${textField(form, { path: "/pointer", label: httpWords.pointer, hint: httpWords.pointerHint, isCode: true, isOptional: true, isReadOnly })}
    ${switchField(form, { path: "/readOnly", label: httpWords.readOnly, hint: httpWords.readOnlyHint, isReadOnly })}
    ${switchField(form, { path: "/safeToRepeat", label: httpWords.safeToRepeat, hint: httpWords.safeToRepeatHint, isReadOnly })}
    ${switchField(form, { path: "/idempotencyKey", label: httpWords.idempotencyKey, hint: httpWords.idempotencyKeyHint, isReadOnly })}
    ${switchField(form, { path: "/trusted", label: httpWords.trusted, hint: httpWords.trustedHint, isReadOnly })}
    ${factRows(form, { path: "/customerHeaders", legend: toolsWords.customerHeaders, hint: toolsWords.customerHeadersHint, nameLabel: toolsWords.headerName, placeholder: "X-Customer-Plan", isReadOnly })}
    ${choiceField(form, { path: "/results", label: httpWords.results, options: results, isReadOnly })}
  </details>`;
}

const QUERY = "/query";

function queryRows(form: Form<HttpToolForm>, isReadOnly: boolean): TemplateResult {
  const rows = (form.get(QUERY) ?? []) as readonly QueryRow[];
  const put = (at: number, change: Partial<QueryRow>): void => form.set(QUERY, rows.with(at, { ...rows[at]!, ...change }));
  const value = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
  const fault = form.fault(QUERY);
  return html`<fieldset class="rows">
    <legend>${httpWords.query}</legend>
    <p class="hint">${httpWords.queryHint}</p>
    ${rows.map(
      (row, at) =>
        html`<div class="row header-row">
          <label
            ><span class="label">${httpWords.queryName}</span
            ><input
              class="code"
              autocomplete="off"
              .value=${live(row.name)}
              ?readonly=${isReadOnly}
              @input=${(event: Event) => put(at, { name: value(event) })}
          /></label>
          <label
            ><span class="label">${httpWords.queryValue}</span
            ><input
              class="code"
              autocomplete="off"
              .value=${live(row.value)}
              ?readonly=${isReadOnly}
              @input=${(event: Event) => put(at, { value: value(event) })}
          /></label>
          ${isReadOnly ? nothing : html`<button type="button" class="quiet icon-only" aria-label=${httpWords.removeQuery(row.name)} @click=${() => form.set(QUERY, rows.toSpliced(at, 1))}>${icon("remove")}</button>`}
        </div>`,
    )}
    ${fault === undefined ? nothing : html`<div class="field-fault">${fault}</div>`}
    ${isReadOnly ? nothing : html`<button type="button" @click=${() => form.set(QUERY, [...rows, { name: "", value: "" }])}>${icon("plus")}${httpWords.addQuery}</button>`}
    ${conflictAt(form, QUERY, (theirs) => ((theirs ?? []) as readonly QueryRow[]).map(({ name, value: own }) => `${name}: ${own}`))}
  </fieldset>`;
}
