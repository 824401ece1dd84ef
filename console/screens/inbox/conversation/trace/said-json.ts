import { html, type TemplateResult } from "lit";
import "../../../../parts/json-view.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";

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
