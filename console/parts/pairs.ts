import { html, nothing, type TemplateResult } from "lit";

type Drawn = TemplateResult | string | typeof nothing | undefined;

/** Names with what they are; a name without anything is left out. */
export function pairs(given: readonly (readonly [name: string, value: Drawn])[]): TemplateResult {
  const shown = given.filter(([, value]) => value !== undefined && value !== nothing && value !== "");
  return html`<dl class="pairs">
    ${shown.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
