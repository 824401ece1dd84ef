import { html, nothing, type TemplateResult } from "lit";
import type { Actor } from "../../../../../protocol/events.ts";
import { formatMoment, formatExactly } from "../../../../foundation/format.ts";
import "../../../../parts/json-view.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { detailWords } from "./detail-words.ts";

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

export function actorName({ kind, name, id }: Actor): string {
  if (name !== undefined) return hiddenShown(name);
  return kind === "customer" ? detailWords.you : kind === "system" ? detailWords.system : id;
}

export function json(label: string, value: unknown): TemplateResult {
  return html`<h3>${label}</h3>
    <desk-json .value=${value} label=${label}></desk-json>`;
}

/** Texts that came as JSON, by the text: parsing a long one again with each drawing would be felt. */
const parsed = new Map<string, unknown>();
const MOST_PARSED = 50;
const LONGEST_TEXT = 20_000;

/** A text as it is; JSON as a tree. */
export function said(label: string, text: string): TemplateResult {
  const value = jsonOf(text);
  if (value !== undefined) return json(label, value);
  if (text.length > LONGEST_TEXT) return json(label, text);
  return html`<h3>${label}</h3>
    <pre class="result-text" tabindex="0" role="region" aria-label=${label}>
${hiddenShown(text).replaceAll("⟨U+000A⟩", "\n").replaceAll("⟨U+0009⟩", "\t")}</pre>`;
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  if (parsed.has(text)) return parsed.get(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, value);
  return value;
}
