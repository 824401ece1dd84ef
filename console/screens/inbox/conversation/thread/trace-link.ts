import { html, type TemplateResult } from "lit";
import { formatExactly, formatTime } from "../../../../foundation/format.ts";
import { router } from "../../../../foundation/router.ts";
import { icon } from "../../../../parts/icon.ts";
import type { Step } from "../trace/step.ts";
import { stepAbout, stepIcon, stepKind } from "../trace/step-name.ts";
import { threadWords } from "./thread-words.ts";

/** Leads to the step in the trace. */
export function traceLink(step: Step, text: string): TemplateResult {
  const query = Object.fromEntries(router.place.query);
  const whole = `${stepKind(step)} ${stepAbout(step)}`;
  return html`<a
    href=${router.href(router.place.path, { ...query, tab: undefined, step: step.id })}
    aria-label="${whole.includes(text) ? whole : `${text}, ${whole}`}: ${threadWords.inTrace}"
    >${icon(stepIcon(step), 14)}${text}</a
  >`;
}

/** Its day stands above. */
export function timeOf(at: number): TemplateResult {
  return html`<time datetime=${new Date(at).toISOString()} title=${formatExactly(at)}>${formatTime(at)}</time>`;
}
