import { html, type TemplateResult } from "lit";
import { words } from "../../../foundation/words.ts";
import { textDifference } from "../../../parts/text-difference.ts";

const valueWords = words({ nothing: "(nothing)", yes: "yes", no: "no" }, { nothing: "(nichts)", yes: "ja", no: "nein" });

/** What people write is compared word by word; what they choose, as a whole. */
const WRITTEN = new Set(["/prompt", "/greeting"]);

/** A setting as text that can be compared: a list has a line for each entry, a time is in words. */
export function textOfValue(path: string, value: unknown): string {
  if (value === undefined || value === null || value === "") return valueWords.nothing;
  if (typeof value === "boolean") return value ? valueWords.yes : valueWords.no;
  if (Array.isArray(value)) return value.length === 0 ? valueWords.nothing : value.map(String).join("\n");
  if (typeof value === "number" && path.endsWith("Ms")) return `${value / 1000} s`;
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}

/** What became of a setting. */
export function valueDifference(path: string, before: unknown, after: unknown): TemplateResult {
  const [one, other] = [textOfValue(path, before), textOfValue(path, after)];
  const isLong = [before, after].some((value) => Array.isArray(value) || (typeof value === "string" && value.length > 40));
  const isText = WRITTEN.has(path) || isLong;
  return isText ? textDifference(one, other) : html`<p class="difference"><del>${one}</del> → <ins>${other}</ins></p>`;
}
