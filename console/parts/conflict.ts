import { html, nothing, type TemplateResult } from "lit";
import { formatList } from "../foundation/format.ts";
import type { Conflict, Form } from "../foundation/form.ts";
import { partWords } from "./part-words.ts";

/** Says a value of a field as people read it: a sentence, or an entry of a list for each. */
export type ValueSaid = (value: unknown) => string | readonly string[];

const LONGEST = 200;
const MOST_ENTRIES = 20;

/** What somebody else saved of a field that was changed here, too; the person chooses. */
export function conflictAt(form: Form<object>, path: string, said: ValueSaid = valueSaid): TemplateResult | typeof nothing {
  const conflict = form.conflicts.find((one) => one.path === path);
  if (conflict === undefined) return nothing;
  return html`<div class="conflict" role="alert">
    <p><strong>${partWords.changedTitle}.</strong> ${theirs(conflict, said)}</p>
    ${entries(conflict, said)}
    <button type="button" @click=${() => form.resolve(path, "theirs")}>${partWords.takeTheirs}</button>
    <button type="button" @click=${() => form.resolve(path, "mine")}>${partWords.keepMine}</button>
  </div>`;
}

function theirs({ theirs: value }: Conflict, said: ValueSaid): string {
  const shown = said(value);
  if (typeof shown !== "string") return shown.length === 0 ? partWords.theirs(partWords.nothing) : partWords.theirEntries;
  return partWords.theirs(shown === "" ? partWords.nothing : shortened(shown));
}

function entries({ theirs: value }: Conflict, said: ValueSaid): TemplateResult | typeof nothing {
  const shown = said(value);
  if (typeof shown === "string" || shown.length === 0) return nothing;
  const more = shown.length - MOST_ENTRIES;
  return html`<ul class="dots">
    ${shown.slice(0, MOST_ENTRIES).map((entry) => html`<li>${shortened(entry)}</li>`)}
    ${more > 0 ? html`<li>${partWords.andMore(more)}</li>` : nothing}
  </ul>`;
}

/** Where a field has no words of its own. */
function valueSaid(value: unknown): string | readonly string[] {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? partWords.yes : partWords.no;
  if (Array.isArray(value)) return value.map((entry) => plain(entry));
  return plain(value);
}

/** A value of a field that has one text. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Names and values in words, however deep. */
function plain(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return formatList(value.map((entry) => plain(entry)));
  return Object.entries(value)
    .map(([name, entry]) => `${name}: ${plain(entry)}`)
    .join("; ");
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
