import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { argumentTitle } from "../../../../protocol/argument-title.ts";
import { argumentText } from "../../../parts/argument-value.ts";
import { icon } from "../../../parts/icon.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { partWords } from "../../../parts/part-words.ts";
import { choicesOf, type Kind, kindOf, pointer, type Typed } from "./arguments.ts";
import { propertiesOf, requiredOf, resolved, type Schema } from "../tool/json-schema.ts";
import { tryWords } from "./try-words.ts";

export interface ArgumentForm {
  readonly root: Schema;
  readonly typed: Typed;
  readonly faults: ReadonlyMap<string, string>;
  readonly set: (place: string, text: string | undefined) => void;
  /** For whoever writes no calls: what people call it is its label, and the name a hint. */
  readonly hidesNames?: boolean;
}

interface Field {
  readonly name: string;
  readonly place: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly depth: number;
}

/** A form made from a schema. */
export function argumentFields(form: ArgumentForm): TemplateResult {
  const all = inner(form, form.root, "", 0);
  return all.length === 0 ? html`<p class="muted">${tryWords.noArguments}</p>` : html`${all}`;
}

function inner(form: ArgumentForm, schema: Schema, place: string, depth: number): readonly TemplateResult[] {
  const required = requiredOf(schema);
  return propertiesOf(schema).map(([name, property]) =>
    field(form, { name, place: `${place}${pointer(name)}`, schema: resolved(property, form.root), isRequired: required.has(name), depth }),
  );
}

function field(form: ArgumentForm, given: Field): TemplateResult {
  const { name, place, schema, isRequired, depth } = given;
  const kind = kindOf(schema, form.root, depth);
  const title = titleOf(form, schema, name);
  const label = html`${title}${isRequired ? nothing : html` <span class="muted">(${partWords.optional})</span>`}`;
  const id = idOf(place);
  if (kind === "object" || kind === "list") {
    return html`<fieldset class="rows" data-place=${place}>
      <legend>${label}</legend>
      ${hintOf(form, given)} ${kind === "object" ? inner(form, schema, place, depth + 1) : list(form, given)} ${faultOf(form, place)}
    </fieldset>`;
  }
  return html`<div class="field">
    <label class="label" for=${id}>${label}</label>
    ${control(form, given, kind)} ${readingOf(form, given)} ${hintOf(form, given)} ${faultOf(form, place)}
  </div>`;
}

function control(form: ArgumentForm, { place, schema, isRequired }: Field, kind: Kind, name?: string): TemplateResult {
  const id = idOf(place);
  const value = form.typed.get(place);
  const common = { described: `${id}-reading ${id}-hint ${id}-fault`, invalid: form.faults.has(place) ? "true" : "false" };
  const typed = (event: Event): void => {
    const { value: text } = event.currentTarget as HTMLInputElement;
    form.set(place, text === "" && !isRequired ? undefined : text);
  };
  if (kind === "boolean" || kind === "choice") {
    const options: readonly (readonly [string, string])[] =
      kind === "boolean"
        ? [["true", tryWords.yes] as const, ["false", tryWords.no] as const]
        : choicesOf(schema).map((one) => [JSON.stringify(one), typeof one === "string" ? one : JSON.stringify(one)] as const);
    return html`<select
      id=${id}
      aria-label=${name ?? nothing}
      aria-describedby=${common.described}
      aria-invalid=${common.invalid}
      .value=${live(value ?? "")}
      @change=${(event: Event) => form.set(place, (event.currentTarget as HTMLSelectElement).value || undefined)}
    >
      <option value="" ?selected=${value === undefined}>${isRequired ? tryWords.choose : tryWords.leaveOut}</option>
      ${options.map(([option, label]) => html`<option value=${option} ?selected=${option === value}>${label}</option>`)}
    </select>`;
  }
  if (kind === "json") {
    return html`<textarea
      id=${id}
      class="code"
      rows="3"
      placeholder=${tryWords.json}
      spellcheck="false"
      aria-describedby=${common.described}
      aria-invalid=${common.invalid}
      .value=${live(value ?? "")}
      @input=${typed}
    ></textarea>`;
  }
  return html`<input
    id=${id}
    type=${kind === "number" ? "number" : "text"}
    step=${kind === "number" ? "any" : nothing}
    autocomplete="off"
    aria-label=${name ?? nothing}
    aria-describedby=${common.described}
    aria-invalid=${common.invalid}
    .value=${live(value ?? "")}
    @input=${typed}
  />`;
}

function list(form: ArgumentForm, { name, place, schema, depth }: Field): TemplateResult {
  const count = Number(form.typed.get(place) ?? 0);
  const entries = resolved(schema["items"], form.root);
  const kind = kindOf(entries, form.root, depth);
  const title = form.hidesNames === true ? argumentTitle(schema, name) : name;
  const entry = (at: number) => `${place}${pointer(at)}`;
  const remove = (at: number): void => {
    for (let index = at; index < count - 1; index++) form.set(entry(index), form.typed.get(entry(index + 1)));
    form.set(entry(count - 1), undefined);
    form.set(place, count === 1 ? undefined : String(count - 1));
  };
  return html`${Array.from(
      { length: count },
      (_, at) =>
        html`<div class="row list-row">
          ${control(form, { name, place: entry(at), schema: entries, isRequired: true, depth }, kind, tryWords.entry(title, at + 1))}
          <button type="button" class="quiet icon-only" aria-label=${tryWords.removeAt(title, at + 1)} @click=${() => remove(at)}>
            ${icon("remove")}
          </button>
          ${faultOf(form, entry(at))}
        </div>`,
    )}<button type="button" aria-label=${tryWords.add(title)} @click=${() => form.set(place, String(count + 1))}>
      ${icon("plus")}${title}
    </button>`;
}

function titleOf({ hidesNames }: ArgumentForm, schema: Schema, name: string): string {
  const { title } = schema;
  if (hidesNames === true) return argumentTitle(schema, name);
  if (typeof title !== "string" || title.toLowerCase() === name.toLowerCase()) return name;
  return `${name} – ${title}`;
}

/** An amount in minor units as people read it, while it is typed. */
function readingOf({ typed }: ArgumentForm, { name, place, schema }: Field): TemplateResult {
  const { format, currency = schema["x-currency"] } = schema;
  const text = typed.get(place) ?? "";
  const isMoney = format === "money" && typeof currency === "string" && text !== "" && Number.isFinite(Number(text));
  const reading = isMoney ? argumentText({ name, title: name, value: Number(text), format, currency }) : "";
  return html`<div id="${idOf(place)}-reading" class="hint" ?hidden=${reading === ""}>= ${reading}</div>`;
}

function hintOf({ hidesNames }: ArgumentForm, { name, place, schema }: Field): TemplateResult {
  const { description, default: standard } = schema;
  const parts = [
    ...(typeof description === "string" ? [description] : []),
    ...(standard === undefined ? [] : [tryWords.standard(typeof standard === "string" ? standard : JSON.stringify(standard))]),
  ];
  const isNamed = hidesNames === true && argumentTitle(schema, name) !== name;
  return html`<div id="${idOf(place)}-hint" class="hint" ?hidden=${parts.length === 0 && !isNamed}>
    ${isNamed ? html`<code>${hiddenShown(name)}</code>${parts.length === 0 ? nothing : " · "}` : nothing}${parts.join(" ")}
  </div>`;
}

/** What is wrong with it, or somewhere below it that has no field of its own. */
function faultOf({ faults }: ArgumentForm, place: string): TemplateResult {
  const fault = faults.get(place);
  return html`<div id="${idOf(place)}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>`;
}

function idOf(place: string): string {
  return `argument${place.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
}
