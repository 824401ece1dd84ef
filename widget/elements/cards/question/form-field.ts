import { html, nothing, type TemplateResult } from "lit";
import type { InputField } from "../../../../protocol/input-fields.ts";
import { questionWords } from "../../../words/question-words.ts";
import type { QuestionWords } from "../../../words/types/question-words.ts";
import type { Typed } from "./form-values.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/** More choices than this become a drop-down list. */
const MOST_RADIOS = 5;
/** Texts that may be longer than this get more than one line. */
const ONE_LINE_CHARACTERS = 200;

export interface FieldPlace {
  readonly field: InputField;
  /** Unique in the thread. */
  readonly id: string;
  readonly typed: Typed;
  readonly fault: string | undefined;
  readonly context: ThreadContext;
  readonly onInput: (typed: Typed) => void;
}

/**
 * One field of a server's form: its label, what it says about itself, where it is filled in, and what is wrong with it.
 */
export function formField(place: FieldPlace): TemplateResult {
  const { field, id, fault, context } = place;
  const words = questionWords.in(context.words);
  const hint = [field.description, range(field, words, context)].filter(Boolean).join(" ");
  const isGroup = field.kind === "choices" || (field.kind === "choice" && field.options.length <= MOST_RADIOS);
  const describedBy = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ") || nothing;
  const title = html`${visibleText(field.title)}${field.required || field.kind === "boolean" ? nothing : html` <span class="quiet">${words.optional}</span>`}`;
  const told = html`${hint === "" ? nothing : html`<p class="quiet" id="${id}-hint" dir="auto">${visibleText(hint)}</p>`}`;
  const wrong = fault === undefined ? nothing : html`<p class="danger" id="${id}-fault">${fault}</p>`;
  if (isGroup)
    return html`<fieldset class="field" aria-describedby=${describedBy} id=${id}>
      <legend>${title}</legend>
      ${told} ${group(place, words)} ${wrong}
    </fieldset>`;
  if (field.kind === "boolean")
    return html`<div class="field">
      <label class="tick">${tick(place, describedBy)} <span>${title}</span></label
      >${told} ${wrong}
    </div>`;
  return html`<div class="field"><label for=${id}>${title}</label>${told} ${entry(place, words, describedBy)} ${wrong}</div>`;
}

/** What a number may be. */
function range(field: InputField, words: QuestionWords, { formats }: ThreadContext): string {
  if (field.kind !== "number") return "";
  const { minimum, maximum } = field;
  const number = (value: number): string => new Intl.NumberFormat(formats.language, { useGrouping: false }).format(value);
  if (minimum !== undefined && maximum !== undefined) return words.between(number(minimum), number(maximum));
  if (minimum !== undefined) return words.atLeast(number(minimum));
  return maximum === undefined ? "" : words.atMost(number(maximum));
}

function tick({ id, typed, onInput }: FieldPlace, describedBy: unknown): TemplateResult {
  return html`<input
    type="checkbox"
    id=${id}
    .checked=${typed === true}
    aria-describedby=${describedBy}
    @change=${(event: Event) => onInput((event.target as HTMLInputElement).checked)}
  />`;
}

/** Checkboxes for several choices, radio buttons for one of a few; "no answer" is one of them if it is allowed. */
function group({ field, id, typed, onInput }: FieldPlace, words: QuestionWords): unknown {
  if (field.kind !== "choice" && field.kind !== "choices") return nothing;
  const isSeveral = field.kind === "choices";
  const chosen: readonly string[] = Array.isArray(typed) ? typed : [typed];
  const none = isSeveral || field.required ? [] : [{ value: "", title: words.noAnswer }];
  return [...field.options, ...none].map(({ value, title }) => {
    const change = (event: Event): void => {
      const rest = chosen.filter((other) => other !== value);
      if (isSeveral) onInput((event.target as HTMLInputElement).checked ? [...rest, value] : rest);
      else onInput(value);
    };
    return html`<label class="tick">
      <input type=${isSeveral ? "checkbox" : "radio"} name=${id} .checked=${chosen.includes(value)} @change=${change} />
      <span>${visibleText(title)}</span>
    </label>`;
  });
}

const INPUT_TYPES = { email: "email", uri: "url", date: "date", "date-time": "datetime-local" } as const;

/** A line, several lines, a date, or a list that opens. */
function entry({ field, id, typed, fault, onInput }: FieldPlace, words: QuestionWords, describedBy: unknown): TemplateResult {
  const required = String(field.required);
  const invalid = String(fault !== undefined);
  const input = (event: Event): void => onInput((event.target as HTMLInputElement).value);
  if (field.kind === "choice")
    return html`<select id=${id} aria-required=${required} aria-invalid=${invalid} aria-describedby=${describedBy} @change=${input}>
      <option value="" .selected=${typed === ""}>${field.required ? words.chooseOne : words.noAnswer}</option>
      ${field.options.map(({ value, title }) => html`<option value=${value} .selected=${value === typed}>${visibleText(title)}</option>`)}
    </select>`;
  const text = field.kind === "text" ? field : undefined;
  const { format, maxLength = 0 } = text ?? {};
  if (format === undefined && maxLength >= ONE_LINE_CHARACTERS)
    return html`<textarea
      id=${id}
      rows="3"
      dir="auto"
      .value=${typed as string}
      aria-required=${required}
      aria-invalid=${invalid}
      aria-describedby=${describedBy}
      @input=${input}
    ></textarea>`;
  // A phone's number keys have no minus.
  const keys = field.kind === "number" && (field.minimum ?? -1) >= 0 ? (field.integer ? "numeric" : "decimal") : nothing;
  // Numbers are text fields too: the browser's number field discards what it does not understand, and changes with the
  // mouse wheel.
  return html`<input
    id=${id}
    type=${format === undefined ? "text" : INPUT_TYPES[format]}
    inputmode=${keys}
    autocomplete=${format === "email" ? "email" : "off"}
    dir=${format === undefined && field.kind === "text" ? "auto" : nothing}
    .value=${typed as string}
    aria-required=${required}
    aria-invalid=${invalid}
    aria-describedby=${describedBy}
    @input=${input}
  />`;
}
