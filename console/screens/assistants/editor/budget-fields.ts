import { html, type TemplateResult } from "lit";
import type { Form } from "../../../foundation/form.ts";
import { switchField, textField } from "../../../parts/fields.ts";
import { FIELD_NAMES } from "./field-names.ts";
import { setupWords } from "./setup-words.ts";

interface PlainField {
  readonly path: string;
  readonly type?: "number" | "text";
  readonly unit?: string;
  readonly scale?: number;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly isFraction?: boolean;
}

const AMOUNT = { type: "number", isFraction: true, isOptional: true } as const;

const PRICES: readonly PlainField[] = [
  { path: "/model/prices/input", ...AMOUNT },
  { path: "/model/prices/cached", ...AMOUNT, hint: setupWords.cachedHint },
  { path: "/model/prices/output", ...AMOUNT },
  { path: "/model/prices/currency", isOptional: true, hint: setupWords.currencyHint },
];
const LIMITS: readonly PlainField[] = [
  { path: "/budget/tokensPerDay", type: "number", unit: setupWords.tokens, isOptional: true },
  { path: "/budget/tokensPerMonth", type: "number", unit: setupWords.tokens, isOptional: true },
  { path: "/budget/costPerDay", ...AMOUNT, hint: setupWords.costHint },
  { path: "/budget/costPerMonth", ...AMOUNT, hint: setupWords.costHint },
];
const TERMS: readonly PlainField[] = [
  { path: "/budget/warnAt", type: "number", unit: "%", scale: 0.01 },
  { path: "/budget/timeZone", hint: setupWords.zoneHint },
];

/** What a budget begins with; the server has the same. */
const DEFAULTS = { "/budget/warnAt": 0.8, "/budget/stop": true, "/budget/timeZone": "UTC" };

export function isBudgetFaulty(form: Form<object>): boolean {
  return [...PRICES, ...LIMITS, ...TERMS].some(({ path }) => form.fault(path) !== undefined);
}

/** What the model costs, and what all answers together may use. */
export function budgetFields(form: Form<object>, isReadOnly: boolean): TemplateResult {
  const draw = (fields: readonly PlainField[], onInput: () => void) =>
    html`<div class="two">
      ${fields.map((field) => textField(form, { ...field, label: FIELD_NAMES[field.path] ?? field.path, isReadOnly, onInput }))}
    </div>`;
  return html`<h3>${setupWords.prices}</h3>
    <p class="muted">${setupWords.pricesHint}</p>
    ${draw(PRICES, () => forget(form, "/model/prices", PRICES))}
    <h3>${setupWords.budget}</h3>
    <p class="muted">${setupWords.budgetHint}</p>
    ${draw(LIMITS, () => begin(form))}
    ${
      hasAny(form, LIMITS)
        ? html`${draw(TERMS, () => undefined)}
          ${switchField(form, { path: "/budget/stop", label: FIELD_NAMES["/budget/stop"] ?? "", isReadOnly })}`
        : ""
    }`;
}

function hasAny(form: Form<object>, fields: readonly PlainField[]): boolean {
  return fields.some(({ path }) => form.get(path) !== undefined);
}

/** With its last field emptied, the whole is gone: a part of it would be refused. */
function forget(form: Form<object>, path: string, fields: readonly PlainField[]): void {
  if (!hasAny(form, fields)) form.set(path, undefined);
}

function begin(form: Form<object>): void {
  forget(form, "/budget", LIMITS);
  if (!hasAny(form, LIMITS)) return;
  for (const [path, value] of Object.entries(DEFAULTS)) if (form.get(path) === undefined) form.set(path, value);
}
