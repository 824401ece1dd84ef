import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { argumentTitle } from "../../../protocol/argument-title.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { filledMark } from "../../parts/customer-said.ts";
import { argumentText, type NamedArgument } from "../../parts/argument-value.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { argumentFields } from "../tools/try/argument-fields.ts";
import { builtArguments, type Typed } from "../tools/try/arguments.ts";
import { isObject, type Schema } from "../tools/tool/json-schema.ts";
import { approvalsWords } from "./approvals-words.ts";
import { changesBetween, typedOf, type Values } from "./edited-values.ts";

/** What was edited. `values` is undefined while it cannot be read. */
export interface Edited {
  readonly values: Values | undefined;
  readonly isChanged: boolean;
}

/** The arguments of a call: as people read them, as a form of the tool's schema, and what was changed. Sends `edited`. */
@customElement("desk-arguments-editor")
export class DeskArgumentsEditor extends PageElement {
  /** Of the tool; undefined: nothing can be edited. */
  @property({ attribute: false }) schema: Schema | undefined;
  @property({ attribute: false }) values: Values = {};
  /** The values as the server names them. */
  @property({ attribute: false }) fields: readonly NamedArgument[] = [];
  @property({ attribute: false }) bound: readonly string[] = [];
  /** What the server found wrong, by pointer. */
  @property({ attribute: false }) faults: ReadonlyMap<string, string> = new Map();
  @state() private typed: Typed | undefined;
  @state() private json: string | undefined;
  #begun: Values | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if ((changed.has("values") || changed.has("schema")) && this.#begun !== this.values) this.#begin();
  }

  #begin(): void {
    this.#begun = this.values;
    const own = withoutNames(this.values, this.bound);
    this.typed = this.schema === undefined ? undefined : typedOf(this.#ownSchema(this.schema), own);
    this.json = this.typed === undefined && this.schema !== undefined ? JSON.stringify(own, undefined, 2) : undefined;
  }

  override render() {
    const { schema } = this;
    if (schema === undefined)
      return html`${this.#read()}
        <p class="muted">${approvalsWords.notEditable}</p>`;
    const { values } = this.edited;
    return html`${this.typed === undefined ? this.#asJson() : this.#form(this.#ownSchema(schema), this.typed)} ${this.#filledIn()}
    ${values === undefined ? nothing : this.#changes(values)}`;
  }

  get edited(): Edited {
    const values = this.#built();
    return { values, isChanged: values === undefined || changesBetween(this.values, values).length > 0 };
  }

  /** With what the server fills in, as it is. */
  #built(): Values | undefined {
    if (this.schema === undefined) return this.values;
    const own = this.#builtOwn(this.schema);
    const bound = this.bound.flatMap((name) => (Object.hasOwn(this.values, name) ? [[name, this.values[name]] as const] : []));
    return own === undefined ? undefined : { ...own, ...Object.fromEntries(bound) };
  }

  #builtOwn(schema: Schema): Values | undefined {
    if (this.typed !== undefined) {
      const { arguments: values, faults } = builtArguments(this.#ownSchema(schema), this.typed);
      return faults.size > 0 ? undefined : values;
    }
    try {
      const values = JSON.parse(this.json ?? "") as unknown;
      return isObject(values) ? values : undefined;
    } catch {
      return undefined;
    }
  }

  /** Without what nobody may write. */
  #ownSchema(schema: Schema): Schema {
    if (this.bound.length === 0) return schema;
    const { properties } = schema;
    return { ...schema, properties: withoutNames(isObject(properties) ? properties : {}, this.bound) };
  }

  #form(root: Schema, typed: Typed): TemplateResult {
    const faults = new Map([...this.faults, ...builtArguments(root, typed).faults]);
    return argumentFields({ root, typed, faults, hidesNames: true, set: (place, text) => this.#set(place, text) });
  }

  #set(place: string, text: string | undefined): void {
    const typed = new Map(this.typed);
    if (text === undefined) typed.delete(place);
    else typed.set(place, text);
    this.typed = typed;
    this.#tell();
  }

  #asJson(): TemplateResult {
    const isWrong = this.#built() === undefined;
    return html`<div class="field">
      <label class="label" for="arguments-json">${approvalsWords.asJson}</label>
      <textarea
        id="arguments-json"
        class="code"
        rows="8"
        spellcheck="false"
        aria-invalid=${isWrong ? "true" : "false"}
        aria-describedby="arguments-json-fault"
        .value=${live(this.json ?? "")}
        @input=${(event: Event) => {
          this.json = (event.currentTarget as HTMLTextAreaElement).value;
          this.#tell();
        }}
      ></textarea>
      <div id="arguments-json-fault" class="field-fault" ?hidden=${!isWrong}>${approvalsWords.notJson}</div>
    </div>`;
  }

  /** What is in no form, because nobody may write it. */
  #filledIn(): TemplateResult | typeof nothing {
    const filled = this.fields.filter(({ name }) => this.bound.includes(name));
    return filled.length === 0 ? nothing : this.#read(filled);
  }

  #read(fields = this.fields): TemplateResult {
    return html`<dl class="call-arguments">
      ${fields.map(
        (field) =>
          html`<div>
            <dt>${hiddenShown(field.title)}</dt>
            <dd>${hiddenShown(argumentText(field))}${filledMark(field)}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #changes(values: Values): TemplateResult | typeof nothing {
    const changes = changesBetween(this.values, values);
    if (changes.length === 0) return nothing;
    return html`<section class="changes" aria-label=${approvalsWords.changes}>
      <h3>${approvalsWords.changes}</h3>
      <dl class="call-arguments">
        ${changes.map(
          ({ name, before, after }) =>
            html`<div>
              <dt>${hiddenShown(this.#titleOf(name))}</dt>
              <dd>
                <ins>${this.#text(name, after)}</ins> <span class="muted">${approvalsWords.was}</span>
                <del>${this.#text(name, before)}</del>
              </dd>
            </div>`,
        )}
      </dl>
      <button type="button" class="quiet" @click=${() => this.#undo()}>${approvalsWords.undoChanges}</button>
    </section>`;
  }

  #undo(): void {
    this.#begin();
    this.#tell();
    this.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }

  #titleOf(name: string): string {
    const { properties } = this.schema ?? {};
    const schema = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return this.fields.find((field) => field.name === name)?.title ?? argumentTitle(isObject(schema) ? schema : {}, name);
  }

  #text(name: string, value: unknown): string {
    if (value === undefined) return approvalsWords.leftOut;
    const field = this.fields.find((one) => one.name === name);
    return hiddenShown(argumentText({ ...(field ?? { name, title: name }), value }));
  }

  #tell(): void {
    this.dispatchEvent(new CustomEvent<Edited>("edited", { detail: this.edited, bubbles: true }));
  }
}

function withoutNames(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
