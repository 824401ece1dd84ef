import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../foundation/form.ts";
import { conflictAt, textOf, type ValueSaid } from "./conflict.ts";
import { partWords } from "./part-words.ts";

type AnyForm = Form<object>;

interface Field {
  /** A JSON pointer into the form's values. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string | TemplateResult;
  readonly isOptional?: boolean;
  readonly isReadOnly?: boolean;
  readonly autofocus?: boolean;
  /** How a value that somebody else saved is read. */
  readonly said?: ValueSaid;
}

interface TextField extends Field {
  readonly type?: "text" | "email" | "url" | "password" | "number";
  readonly autocomplete?: string;
  readonly placeholder?: string;
  readonly lines?: number;
  readonly isCode?: boolean;
  /** Of numbers. */
  readonly unit?: string;
  /** How what is shown differs from what is kept, such as seconds for milliseconds. */
  readonly scale?: number;
  /** Of numbers that need not be whole, such as prices. */
  readonly isFraction?: boolean;
  /** When the person has finished with it. */
  readonly onBlur?: () => void;
  readonly onInput?: () => void;
}

/** One line of text, or several; a number; a password. */
export function textField(form: AnyForm, given: TextField): TemplateResult {
  const { path, type = "text", lines, isCode = false, autocomplete = "off", placeholder, unit, scale = 1, onBlur, onInput } = given;
  const isNumber = type === "number";
  const read = isNumber ? scaled(form.get(path), 1 / scale) : form.text(path);
  const input = (event: Event): void => {
    const { value } = event.currentTarget as HTMLInputElement;
    form.set(path, value === "" ? undefined : isNumber ? kept(Number(value), given) : value);
    onInput?.();
  };
  const id = idOf(path, form.place);
  const described = `${id}-hint ${id}-fault`;
  const invalid = form.fault(path) === undefined ? "false" : "true";
  const box =
    lines === undefined
      ? html`<input
          id=${id}
          .type=${type}
          .value=${live(read)}
          autocomplete=${autocomplete}
          placeholder=${placeholder ?? nothing}
          spellcheck=${isCode ? "false" : nothing}
          class=${isCode ? "code" : ""}
          ?readonly=${given.isReadOnly}
          ?data-begins=${given.autofocus}
          step=${isNumber ? "any" : nothing}
          aria-describedby=${described}
          aria-invalid=${invalid}
          @input=${input}
          @blur=${onBlur ?? nothing}
        />`
      : html`<textarea
          id=${id}
          rows=${lines}
          .value=${live(read)}
          placeholder=${placeholder ?? nothing}
          class=${isCode ? "code" : ""}
          ?readonly=${given.isReadOnly}
          ?data-begins=${given.autofocus}
          spellcheck=${isCode ? "false" : nothing}
          aria-describedby=${described}
          aria-invalid=${invalid}
          @input=${input}
        ></textarea>`;
  const said: ValueSaid = (value) => (isNumber ? [scaled(value, 1 / scale), unit ?? ""].join(" ").trim() : textOf(value));
  // What is typed into a field of secrets is shown nowhere else.
  const shown = { ...given, said: type === "password" ? () => partWords.secret : said };
  return around(form, shown, unit === undefined ? box : html`<span class="with-unit">${box}<span>${unit}</span></span>`);
}

interface ChoiceField extends Field {
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange?: () => void;
}

/** One of a few. */
export function choiceField(form: AnyForm, given: ChoiceField): TemplateResult {
  const { path, options, onChange } = given;
  const id = idOf(path, form.place);
  const change = (event: Event): void => {
    form.set(path, (event.currentTarget as HTMLSelectElement).value || undefined);
    onChange?.();
  };
  const value = form.text(path);
  const said: ValueSaid = (theirs) => options.find(([option]) => option === (theirs ?? ""))?.[1] ?? textOf(theirs);
  return around(
    form,
    { ...given, said },
    html`<select
      id=${id}
      .value=${live(value)}
      ?disabled=${given.isReadOnly}
      aria-describedby="${id}-hint ${id}-fault"
      aria-invalid=${form.fault(path) === undefined ? "false" : "true"}
      @change=${change}
    >
      ${options.map(([option, label]) => html`<option value=${option} ?selected=${option === value}>${label}</option>`)}
    </select>`,
  );
}

/** Yes or no. */
export function switchField(form: AnyForm, given: Field): TemplateResult {
  const { path, label, hint } = given;
  const id = idOf(path, form.place);
  return html`<div class="field switch-field">
    <label
      ><input
        id=${id}
        type="checkbox"
        role="switch"
        .checked=${live(form.get(path) === true)}
        ?disabled=${given.isReadOnly}
        aria-describedby="${id}-hint ${id}-fault"
        @change=${(event: Event) => form.set(path, (event.currentTarget as HTMLInputElement).checked)}
      />
      <span class="label">${label}</span></label
    >
    ${under(form, given.path, hint)}
  </div>`;
}

/** Several lines, one entry each. */
export function linesField(form: AnyForm, given: TextField): TemplateResult {
  const { path } = given;
  const id = idOf(path, form.place);
  const value = form.get(path);
  const entries = Array.isArray(value) ? (value as readonly string[]) : [];
  const input = (event: Event): void => {
    const lines = (event.currentTarget as HTMLTextAreaElement).value.split("\n");
    // A line that is being begun stays; it is left out when the form is sent.
    form.set(path, lines.every((line) => line.trim() === "") ? [] : lines);
  };
  const trim = (): void => form.set(path, entries.map((line) => line.trim()).filter(Boolean));
  return around(
    form,
    given,
    html`<textarea
      id=${id}
      rows=${given.lines ?? 3}
      class=${given.isCode ? "code" : ""}
      .value=${live(entries.join("\n"))}
      ?readonly=${given.isReadOnly}
      placeholder=${given.placeholder ?? nothing}
      aria-describedby="${id}-hint ${id}-fault"
      aria-invalid=${form.fault(path) === undefined ? "false" : "true"}
      @input=${input}
      @blur=${trim}
    ></textarea>`,
  );
}

/** A label over a field of any kind, with what is to know and what is wrong below it. */
export function around(form: AnyForm, { path, label, hint, isOptional = false, said }: Field, box: TemplateResult): TemplateResult {
  return html`<div class="field" data-changed=${form.isChanged(path) ? "" : nothing}>
    <label class="label" for=${idOf(path, form.place)}
      >${label}${isOptional ? html` <span class="muted">(${partWords.optional})</span>` : nothing}</label
    >
    ${box}${under(form, path, hint, said)}
  </div>`;
}

/** A day at whose end something is over, where this person is; kept as milliseconds since 1970. */
export function lastDayField(form: AnyForm, { path, label }: Pick<Field, "path" | "label">): TemplateResult {
  const ends = (event: Event): void => {
    const { value: day } = event.currentTarget as HTMLInputElement;
    form.set(path, day === "" ? undefined : new Date(`${day}T23:59:59`).getTime());
  };
  const id = idOf(path, form.place);
  return around(
    form,
    { path, label, isOptional: true },
    html`<input
      id=${id}
      type="date"
      aria-describedby="${id}-fault"
      aria-invalid=${form.fault(path) === undefined ? nothing : "true"}
      @change=${ends}
    />`,
  );
}

function under(form: AnyForm, path: string, hint: string | TemplateResult | undefined, said?: ValueSaid): TemplateResult {
  const id = idOf(path, form.place);
  const fault = form.fault(path);
  // What the hint asked for all along is said once.
  return html`<div id="${id}-hint" class="hint" ?hidden=${hint === undefined || hint === fault}>${hint}</div>
    <div id="${id}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
    ${conflictAt(form, path, said)}`;
}

/** After a refusal: the first field that is wrong, for whoever goes on by keyboard. */
export function focusFirstFault(within: ParentNode): void {
  within.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

export function idOf(path: string, place = ""): string {
  return `field${place}${path.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
}

function scaled(value: unknown, scale: number): string {
  return typeof value === "number" ? String(Number((value * scale).toFixed(6))) : "";
}

/** Whole numbers, but for fractions, and for shares, which are shown as percent. */
function kept(value: number, { scale = 1, isFraction = false }: Pick<TextField, "scale" | "isFraction">): number {
  return scale >= 1 && !isFraction ? Math.round(value * scale) : Number((value * scale).toFixed(6));
}
