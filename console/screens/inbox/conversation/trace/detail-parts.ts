import { html, type TemplateResult } from "lit";
import type { Actor } from "../../../../../protocol/events.ts";
import { formatMoment, formatExactly } from "../../../../foundation/format.ts";
import { actorName } from "./actor-name.ts";

/** Exactly, with its zone, for whoever points at it. */
export function clockTime(at: number): TemplateResult {
  return html`<time datetime=${new Date(at).toISOString()} title=${formatExactly(at)}>${formatMoment(at)}</time>`;
}

/** "Ada at 11:02:10". */
export function byAt(by: Actor, at: number): TemplateResult {
  return html`${actorName(by)} <span class="muted">${clockTime(at)}</span>`;
}
