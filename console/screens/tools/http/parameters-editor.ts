import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { conflictAt, textOf } from "../../../parts/conflict.ts";
import { textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { focusNewRow } from "../../../parts/new-row.ts";
import { type HttpToolForm, jsonText, schemaOf } from "./http-tool-form.ts";
import { httpWords } from "./http-words.ts";
import { isObject, propertiesOf, requiredOf, type Schema } from "../tool/json-schema.ts";

const PATH = "/parameters";
const TYPES = Object.keys(httpWords.types);

interface Parameter {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** The parameters as rows; what rows cannot say is kept, and can be edited as JSON Schema. */
@customElement("desk-parameters")
export class DeskParameters extends PageElement {
  @property({ attribute: false }) form: Form<HttpToolForm> | undefined;
  @property({ type: Boolean, attribute: "read-only" }) isReadOnly = false;
  /** Changes with each change of the form, so that it is drawn anew. */
  @property() text = "";
  @property() fault: string | undefined;
  @state() private asText = false;

  override render() {
    const { form } = this;
    if (form === undefined) return nothing;
    const schema = schemaOf(this.text);
    const parameters = schema === undefined ? undefined : parametersOf(schema);
    if (this.asText || schema === undefined || parameters === undefined) {
      return html`${textField(form, { path: PATH, label: httpWords.schema, lines: 8, isCode: true, isReadOnly: this.isReadOnly })}
      ${parameters === undefined ? nothing : this.#turn(false, httpWords.asRows)}`;
    }
    return html`<fieldset class="rows">
      <legend>${httpWords.parameters}</legend>
      <p class="hint">${httpWords.parametersHint}</p>
      ${parameters.map((parameter, at) => this.#row(schema, parameters, parameter, at))}
      ${form.fault(PATH) === undefined ? nothing : html`<div class="field-fault">${form.fault(PATH)}</div>`}
      ${
        this.isReadOnly
          ? nothing
          : html`<button type="button" @click=${() => this.#add(schema, parameters)}>${icon("plus")}${httpWords.addParameter}</button>`
      }
      ${this.#turn(true, httpWords.asSchema)} ${conflictAt(form, PATH, parametersSaid)}
    </fieldset>`;
  }

  #turn(asText: boolean, label: string): TemplateResult {
    return html`<button type="button" class="quiet" @click=${() => (this.asText = asText)}>${label}</button>`;
  }

  #row(schema: Schema, all: readonly Parameter[], parameter: Parameter, at: number): TemplateResult {
    const put = (change: Partial<Parameter>): void => this.#put(schema, all.with(at, { ...parameter, ...change }));
    const value = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
    const { name, schema: own, isRequired } = parameter;
    const type = typeof own["type"] === "string" ? own["type"] : "";
    return html`<div class="row parameter-row">
      <label
        ><span class="label">${httpWords.parameterName}</span
        ><input
          class="code"
          data-name
          autocomplete="off"
          spellcheck="false"
          .value=${live(name)}
          ?readonly=${this.isReadOnly}
          @change=${(event: Event) => put({ name: value(event).trim() })}
      /></label>
      <label
        ><span class="label">${httpWords.parameterType}</span
        ><select ?disabled=${this.isReadOnly} @change=${(event: Event) => put({ schema: { ...own, type: value(event) } })}>
          ${TYPES.map((one) => html`<option value=${one} ?selected=${one === type}>${httpWords.types[one as keyof typeof httpWords.types]}</option>`)}
        </select></label
      >
      <label class="wide-cell"
        ><span class="label">${httpWords.parameterText}</span
        ><input
          autocomplete="off"
          .value=${live(typeof own["description"] === "string" ? own["description"] : "")}
          ?readonly=${this.isReadOnly}
          @change=${(event: Event) => put({ schema: described(own, value(event)) })}
      /></label>
      <label class="inline"
        ><input
          type="checkbox"
          .checked=${live(isRequired)}
          ?disabled=${this.isReadOnly}
          @change=${(event: Event) => put({ isRequired: (event.currentTarget as HTMLInputElement).checked })}
        />${httpWords.parameterRequired}</label
      >
      ${this.isReadOnly ? nothing : html`<button type="button" class="quiet icon-only" aria-label=${httpWords.removeParameter(name)} @click=${() => this.#put(schema, all.toSpliced(at, 1))}>${icon("remove")}</button>`}
    </div>`;
  }

  #add(schema: Schema, all: readonly Parameter[]): void {
    let name = "parameter";
    for (let at = 2; all.some((one) => one.name === name); at++) name = `parameter_${at}`;
    this.#put(schema, [...all, { name, schema: { type: "string" }, isRequired: false }]);
    void focusNewRow(this, "[data-name]");
  }

  #put(schema: Schema, all: readonly Parameter[]): void {
    const required = all.filter(({ isRequired }) => isRequired).map(({ name }) => name);
    const { required: _required, ...rest } = schema;
    const properties = Object.fromEntries(all.map(({ name, schema: own }) => [name, own]));
    this.form?.set(PATH, jsonText({ ...rest, properties, ...(required.length === 0 ? {} : { required }) }));
  }
}

/** A line for each: "order: text, required". A schema that rows cannot say is said by its text. */
function parametersSaid(text: unknown): string | readonly string[] {
  const schema = schemaOf(textOf(text));
  const parameters = schema === undefined ? undefined : parametersOf(schema);
  if (parameters === undefined) return textOf(text);
  return parameters.map(({ name, schema: own, isRequired }) => {
    const type = httpWords.types[String(own["type"]) as keyof typeof httpWords.types];
    return `${name}: ${[type, ...(isRequired ? [httpWords.parameterRequired] : [])].join(", ")}`;
  });
}

/** Undefined: rows cannot say it. */
function parametersOf(schema: Schema): readonly Parameter[] | undefined {
  const required = requiredOf(schema);
  const all = propertiesOf(schema);
  if (schema["type"] !== "object" || !all.every(([, own]) => isObject(own) && TYPES.includes(String(own["type"])))) return undefined;
  return all.map(([name, own]) => ({ name, schema: own as Schema, isRequired: required.has(name) }));
}

function described(schema: Schema, description: string): Schema {
  const { description: _before, ...rest } = schema;
  return description.trim() === "" ? rest : { ...rest, description };
}
