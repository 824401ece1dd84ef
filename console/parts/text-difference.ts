import { diffLines, diffWords } from "diff";
import { html, type TemplateResult } from "lit";
import { partWords } from "./part-words.ts";

/** A difference that takes longer than this is shown as both texts. */
const LONGEST_MS = 300;

/** What was taken away and what came, word by word for short texts, line by line for long ones. */
export function textDifference(before: string, after: string): TemplateResult {
  if (before === after) return html`<p class="muted">${partWords.same}</p>`;
  const isLong = before.length + after.length > 4_000;
  const parts = isLong ? diffLines(before, after, { timeout: LONGEST_MS }) : diffWords(before, after, { timeout: LONGEST_MS });
  if (parts === undefined) {
    return html`<div class="difference">
      <h3>${partWords.before}</h3>
      <pre>${before}</pre>
      <h3>${partWords.after}</h3>
      <pre>${after}</pre>
    </div>`;
  }
  return html`<pre class="difference">
${parts.map(({ added, removed, value }) =>
      added ? html`<ins>${value}</ins>` : removed ? html`<del>${value}</del>` : shortened(value),
    )}</pre>`;
}

/** Of what stayed the same, enough to see where one is. */
function shortened(text: string): string {
  return text.length > 600 ? `${text.slice(0, 250)}\n…\n${text.slice(-250)}` : text;
}
