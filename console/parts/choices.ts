import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../foundation/form.ts";

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Several of a few, each with a sentence. */
export function choices(
  form: Form<object>,
  given: { path: string; label: string; hint?: string; options: readonly Choice[]; isReadOnly?: boolean },
): TemplateResult {
  const { path, label, hint: about, options, isReadOnly = false } = given;
  const chosen = new Set((form.get(path) as readonly string[] | undefined) ?? []);
  const turn = (value: string, on: boolean): void => {
    if (on) chosen.add(value);
    else chosen.delete(value);
    // In the order in which they are offered, so that choosing and taking back is no change.
    form.set(
      path,
      options.map((option) => option.value).filter((option) => chosen.has(option)),
    );
  };
  const fault = form.fault(path);
  return html`<fieldset class="choices" ?disabled=${isReadOnly}>
    <legend>${label}</legend>
    ${about === undefined ? nothing : html`<p class="hint">${about}</p>`}
    ${options.map(
      ({ value, label: name, hint }) =>
        html`<label>
          <input
            type="checkbox"
            .checked=${live(chosen.has(value))}
            aria-invalid=${fault === undefined ? "false" : "true"}
            @change=${(event: Event) => turn(value, (event.currentTarget as HTMLInputElement).checked)}
          />
          <span>${name}</span>${hint === undefined ? nothing : html`<span class="hint">${hint}</span>`}
        </label>`,
    )}
    ${fault === undefined ? nothing : html`<div class="field-fault">${fault}</div>`}
  </fieldset>`;
}
