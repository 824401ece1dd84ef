import { html, nothing, type TemplateResult } from "lit";
import type { EventOf } from "../../../../../protocol/events.ts";
import { formatDuration } from "../../../../foundation/format.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { status } from "../../../../parts/status.ts";
import type { Step } from "../trace/step.ts";
import { stepAbout, stepKind } from "../trace/step-name.ts";
import { outcomeText } from "../trace/trace-words.ts";
import { asHeard } from "../trace/voice-steps.ts";
import { voiceTraceWords } from "../trace/voice-trace-words.ts";
import { timeOf, traceLink } from "./trace-link.ts";

/** Of what was heard before the interruption, the last words. */
const LAST_WORDS = 60;

/** Whether the thread shows something that was said aloud: what an answer says is there as its text. */
export function isSpeechInThread({ events: [event] }: Step): boolean {
  return event?.type === "speech-cut" || (event?.type === "speech-heard" && event.kind !== "answer");
}

/** A call begins: from where, and whether it is recorded. */
export function callBegan(step: Step): TemplateResult {
  const about = stepAbout(step);
  return html`<p class="spoken-line">
    ${traceLink(step, voiceTraceWords.began)} ${step.to === undefined ? status("busy", voiceTraceWords.underWay) : nothing}
    ${about === "" ? nothing : html`<span class="muted">${about}</span>`} <span class="muted">${timeOf(step.from)}</span>
  </p>`;
}

/** A call ended: why, and how long it was. */
export function callEnded(step: Step, { reason, durationMs, at }: EventOf<"voice-call-ended">): TemplateResult {
  return html`<p class="spoken-line">
    ${traceLink(step, stepKind(step))} ${status(step.isFailed ? "bad" : "neutral", outcomeText(reason))}
    <span class="muted">${formatDuration(durationMs)}</span> <span class="muted">${timeOf(at)}</span>
  </p>`;
}

/** What was said aloud besides the answer, and where an answer was interrupted. */
export function saidAloud(step: Step, event: EventOf<"speech-heard" | "speech-cut">): TemplateResult {
  const isCut = event.type === "speech-cut";
  return html`<p class="spoken-line" data-depth=${step.depth}>
    ${traceLink(step, stepKind(step))} ${isCut ? status(step.isFailed ? "warning" : "neutral", outcomeText(step.outcome)) : nothing}
    ${heardOf(event)}
    <span class="muted">${timeOf(event.at)}</span>
  </p>`;
}

function heardOf(event: EventOf<"speech-heard" | "speech-cut">): TemplateResult {
  const text = asHeard(event, event.text);
  if (text === "") return html`<span>${voiceTraceWords.heardNothing}</span>`;
  return event.kind === "answer"
    ? html`<span>${voiceTraceWords.heardUpTo(hiddenShown(lastWords(text)))}</span>`
    : html`<q>${hiddenShown(text)}</q>`;
}

/** Whole words of the end. */
function lastWords(text: string): string {
  const trimmed = text.trim().replaceAll(/\s+/g, " ");
  if (trimmed.length <= LAST_WORDS) return trimmed;
  const end = trimmed.slice(-LAST_WORDS);
  return `… ${end.slice(end.indexOf(" ") + 1)}`;
}
