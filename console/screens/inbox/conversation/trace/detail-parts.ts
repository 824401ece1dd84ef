import { html, nothing, type TemplateResult } from "lit";
import type { Actor } from "../../../../../protocol/events.ts";
import { formatMoment, formatExactly } from "../../../../foundation/format.ts";
import { actorName } from "./actor-name.ts";

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

/** Exactly, with its zone, for whoever points at it. */
export function clockTime(at: number): TemplateResult {
  return html`<time datetime=${new Date(at).toISOString()} title=${formatExactly(at)}>${formatMoment(at)}</time>`;
}

/** "Ada at 11:02:10". */
export function byAt(by: Actor, at: number): TemplateResult {
  return html`${actorName(by)} <span class="muted">${clockTime(at)}</span>`;
}
