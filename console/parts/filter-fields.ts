import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { valueOf } from "./row-field.ts";

/** A day that a list begins or ends with. `value` and what is chosen: `2026-11-30`, or empty for any. */
export function dayFilter(label: string, value: string, choose: (day: string) => void): TemplateResult {
  return html`<label class="inline"
    >${label} <input type="date" .value=${value} @change=${(event: Event) => choose(valueOf(event))}
  /></label>`;
}

export interface ChoiceFilter {
  readonly label: string;
  /** What stands for no choice. */
  readonly any: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  /** Empty: none. What is filtered by may not be there any more, and is offered nevertheless. */
  readonly chosen: string;
  readonly choose: (value: string) => void;
  /** Class of the field. */
  readonly look?: string;
}

/** One of several that a list is narrowed to. */
export function choiceFilter({ label, any, options, chosen, choose, look }: ChoiceFilter): TemplateResult {
  const all = chosen === "" || options.some(([value]) => value === chosen) ? options : [[chosen, chosen] as const, ...options];
  return html`<label class="inline"
    >${label}
    <select class=${look ?? nothing} .value=${live(chosen)} @change=${(event: Event) => choose(valueOf(event))}>
      <option value="">${any}</option>
      ${all.map(([value, said]) => html`<option value=${value} ?selected=${value === chosen}>${said}</option>`)}
    </select></label
  >`;
}
