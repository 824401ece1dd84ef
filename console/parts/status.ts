import { html, nothing, type TemplateResult } from "lit";
import { formatAgo, formatExactly } from "../foundation/format.ts";

export type Tone = "good" | "bad" | "warning" | "neutral" | "busy";

/** A dot, a word, and since when: never colour alone. */
export function status(tone: Tone, word: string, since?: number): TemplateResult {
  return html`<span class="status" data-tone=${tone}
    >${word}${since === undefined ? nothing : html` <span class="since">· ${ago(since)}</span>`}</span
  >`;
}

/** "3 min. ago", with the exact time for whoever points at it. */
export function ago(time: number): TemplateResult {
  return html`<time datetime=${new Date(time).toISOString()} title=${formatExactly(time)}>${formatAgo(time)}</time>`;
}

export function badge(text: string, tone: Tone = "neutral"): TemplateResult {
  return html`<span class="badge" data-tone=${tone}>${text}</span>`;
}
