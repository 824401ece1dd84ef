import { html, type TemplateResult } from "lit";
import { textDifference } from "../../../parts/text-difference.ts";
import { textOfValue } from "./value-text.ts";

/** What people write is compared word by word; what they choose, as a whole. */
const WRITTEN = new Set(["/prompt", "/greeting"]);

/** What became of a setting. */
export function valueDifference(path: string, before: unknown, after: unknown): TemplateResult {
  const [one, other] = [textOfValue(path, before), textOfValue(path, after)];
  const isLong = [before, after].some((value) => Array.isArray(value) || (typeof value === "string" && value.length > 40));
  const isText = WRITTEN.has(path) || isLong;
  return isText ? textDifference(one, other) : html`<p class="difference"><del>${one}</del> → <ins>${other}</ins></p>`;
}
