import { html, nothing, type TemplateResult } from "lit";
import { TURN_ERRORS } from "../../../../../protocol/errors.ts";
import type { EventOf } from "../../../../../protocol/events.ts";
import type { RunningText } from "../../../../../protocol/frames.ts";
import { formatDuration } from "../../../../foundation/format.ts";
import { router } from "../../../../foundation/router.ts";
import { may } from "../../../../foundation/screen.ts";
import { asSaid } from "../../../../parts/as-said.ts";
import { status, type Tone } from "../../../../parts/status.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import "./answer.ts";
import { actorName } from "../trace/actor-name.ts";
import type { Step } from "../trace/step.ts";
import { stepAbout, stepKind } from "../trace/step-name.ts";
import { outcomeText } from "../trace/trace-words.ts";
import { isOfView } from "../trace/view-steps.ts";
import { viewTraceWords } from "../trace/view-trace-words.ts";
import { voiceTraceWords } from "../trace/voice-trace-words.ts";
import { threadWords } from "./thread-words.ts";
import { timeOf, traceLink } from "./trace-link.ts";
import { callBegan, callEnded, isSpeechInThread, saidAloud } from "./voice-entry.ts";

/** Whether the thread shows it; the rest is the trace's alone. */
function isInThread(step: Step): boolean {
  const [event] = step.events;
  if (step.kind === "model") return event === undefined || (event.type === "step-ended" && event.text !== "");
  if (step.kind === "speech") return isSpeechInThread(step);
  if (step.kind === "end") return step.isFailed || step.outcome === "stopped";
  // What a view called shows itself in the view; what a person was asked for it is an entry of its own.
  if (step.kind === "call" && isOfView(step.events)) return step.isFailed;
  return !["turn", "sampling", "summary", "stop", "view", "other"].includes(step.kind);
}

/**
 * What the thread shows, as it was said: of what goes on at once, what began first. Where an answer was interrupted is
 * below its text, whichever was known first.
 */
export function threadOf(steps: readonly Step[]): readonly Step[] {
  const written = new Map<string, number>();
  for (const {
    events: [event],
  } of steps)
    if (event?.type === "step-ended") written.set(`${event.turnId} ${event.step}`, event.seq);
  const numberOf = ({ events: [event] }: Step): number => {
    const own = event?.seq ?? Infinity;
    if (event?.type !== "speech-cut" || event.kind !== "answer") return own;
    return Math.max(own, (written.get(`${event.turnId} ${event.step}`) ?? 0) + 0.5);
  };
  return steps.filter(isInThread).toSorted((one, other) => (numberOf(one) === numberOf(other) ? 0 : numberOf(one) - numberOf(other)));
}

/** A step keeps its element while it is said and when it has been. */
export function entryKey({ id, kind, turnId, events }: Step, running: RunningText | undefined): string {
  const [event] = events;
  if (event?.type === "step-ended") return `${event.turnId} ${event.step}`;
  return kind === "model" && running?.turnId === turnId ? `${running?.turnId} ${running?.step}` : id;
}

/** A step as one reads it in the thread. `running` is what is being said now. */
export function entry(step: Step, running: RunningText | undefined): TemplateResult {
  const [event] = step.events;
  switch (event?.type) {
    case undefined:
      if (running !== undefined && running.turnId === step.turnId && running.text !== "")
        return answer({ text: running.text, isOpen: true });
      return step.kind === "model" ? html`<p class="spoken-line">${status("busy", threadWords.working)}</p>` : line(step);
    case "message-received":
      return bubble("customer", html`${event.text}`, {
        name: threadWords.customer,
        at: event.at,
        ...(event.spoken === undefined ? {} : { beside: traceLink(step, voiceTraceWords.spoken) }),
        ...(event.via === undefined ? {} : { beside: html`${threadWords.byBrowser}` }),
        ...(event.view === undefined ? {} : { beside: traceLink(step, viewTraceWords.written) }),
      });
    case "reply-sent":
      return bubble("staff", html`<desk-answer .answer=${{ text: event.text, isOpen: false }}></desk-answer>`, {
        name: actorName(event.by),
        at: event.at,
      });
    case "note-written":
      return bubble("note", html`${event.text}`, { name: `${threadWords.note} · ${actorName(event.by)}`, at: event.at });
    case "step-ended":
      return answer({ text: event.text, isOpen: false }, event);
    case "turn-ended":
      return ended(step);
    case "tool-call-settled":
      return settled(step, event);
    case "voice-call-started":
      return callBegan(step);
    case "voice-call-ended":
      return step.kind === "voice-end" ? callEnded(step, event) : callBegan(step);
    case "speech-heard":
    case "speech-cut":
      return saidAloud(step, event);
    default:
      return line(step);
  }
}

function answer(given: { readonly text: string; readonly isOpen: boolean }, ended?: EventOf<"step-ended">): TemplateResult {
  const cut = ended?.cut;
  return html`<div class="spoken" data-by="assistant">
    <p class="spoken-by">${threadWords.assistant} ${ended === undefined ? nothing : timeOf(ended.at)}</p>
    <desk-answer .answer=${given}></desk-answer>
    ${cut === undefined ? nothing : html`<p class="muted">${cut === "broken" ? threadWords.cut : threadWords.stopped}</p>`}
  </div>`;
}

function bubble(
  by: string,
  text: TemplateResult,
  { name, at, beside }: { readonly name: string; readonly at: number; readonly beside?: TemplateResult },
): TemplateResult {
  return html`<div class="spoken" data-by=${by}>
    <p class="spoken-by">
      ${name}
      ${timeOf(at)}${by === "note" ? html` · ${threadWords.seenByStaff}` : nothing}${beside === undefined ? nothing : html` · ${beside}`}
    </p>
    <div class="spoken-text" dir="auto">${text}</div>
  </div>`;
}

/** What the customer read, and the cause that they did not. */
function ended({ events, isFailed }: Step): TemplateResult {
  const [event] = events;
  if (event?.type !== "turn-ended" || !isFailed) return html`<p class="spoken-line">${status("neutral", threadWords.stopped)}</p>`;
  const { error, cause } = event;
  const read = error !== undefined && Object.hasOwn(TURN_ERRORS, error) ? TURN_ERRORS[error as keyof typeof TURN_ERRORS] : undefined;
  return html`<div class="spoken-line">
    ${status("bad", threadWords.failed)} ${read === undefined ? nothing : html`<q>${read}</q>`}
    ${cause === undefined ? nothing : html`<p class="muted">${asSaid(hiddenShown(cause))}</p>`}
  </div>`;
}

/** One line, which leads to its step in the trace. */
function line(step: Step): TemplateResult {
  const last = step.events.findLast((event) => "by" in event);
  const word = wordOf(step);
  const by = last === undefined ? undefined : (last as { by: Parameters<typeof actorName>[0] }).by;
  const who = step.kind === "call" || by === undefined ? undefined : actorName(by);
  const alone = by?.kind === "customer" && by.name === undefined ? threadWords.customer : who;
  return html`<p class="spoken-line" data-depth=${step.depth}>
    ${traceLink(step, step.kind === "call" || step.kind === "unavailable" ? stepAbout(step) : stepKind(step))}
    ${word === "" ? nothing : status(toneOf(step), who === undefined || step.kind === "person" ? word : threadWords.by(word, who))}
    ${step.events[0]?.type === "feedback-given" && step.events[0].comment !== undefined ? html`<q>${hiddenShown(step.events[0].comment)}</q>` : nothing}
    ${howDecided(last)} ${word === "" && who !== undefined ? html`<span class="muted">${alone}</span>` : nothing}
    ${step.kind === "call" && step.to !== undefined ? html`<span class="muted">${formatDuration(workOf(step))}</span>` : nothing}
    <span class="muted">${timeOf(step.to ?? step.from)}</span> ${decideLink(step)}
  </p>`;
}

function howDecided(event: Step["events"][number] | undefined): TemplateResult | typeof nothing {
  return event?.type === "approval-decided" && event.spoken !== undefined
    ? html`<span class="muted">${voiceTraceWords.aloud}</span>`
    : nothing;
}

/** Who said how a call had ended that nobody knew of, and the note. */
function settled(step: Step, { outcome, note, title, at }: EventOf<"tool-call-settled">): TemplateResult {
  const tone = { ok: "good", failed: "bad", unknown: "neutral" } as const;
  return html`<p class="spoken-line">
    ${traceLink(step, title === undefined ? threadWords.call : hiddenShown(title))}
    ${status(tone[outcome], note === undefined ? stepKind(step) : `${stepKind(step)}:`)}
    ${note === undefined ? nothing : html`<q>${hiddenShown(note)}</q>`} <span class="muted">${timeOf(at)}</span>
  </p>`;
}

/** To where the team decides what waits for it. */
function decideLink({ kind, to, name, events: [event] }: Step): TemplateResult | typeof nothing {
  if (kind !== "approval" || to !== undefined || name === "customer" || event?.type !== "approval-requested") return nothing;
  if (!may("approvals.decide")) return nothing;
  return html`<a class="button" href=${router.href("/approvals", { approval: event.approvalId })}>${threadWords.decide}</a>`;
}

function wordOf(step: Step): string {
  const { kind, to, outcome, events } = step;
  const [event] = events;
  if (event?.type === "feedback-given") return threadWords.rated[event.rating];
  if (kind === "person") return "";
  return to === undefined ? underWay(step) : outcomeText(outcome);
}

/** Whom it waits for, if it does. */
function underWay(step: Step): string {
  const { kind, name } = step;
  const { waits, notSent, working } = threadWords;
  if (kind === "approval") return Object.hasOwn(waits, name) ? waits[name as keyof typeof waits] : working;
  if (kind === "sign-in" || kind === "question") return waits.customer;
  return kind === "call" && !wasSent(step) ? notSent : working;
}

function wasSent({ events }: Step): boolean {
  return events.some(({ type }) => type === "tool-call-started");
}

function toneOf(step: Step): Tone {
  const { kind, to, outcome, isFailed } = step;
  if (to === undefined) return kind !== "call" ? "warning" : wasSent(step) ? "busy" : "neutral";
  if (isFailed) return "bad";
  return ["ok", "approved", "approved-changed", "connected", "accept"].includes(outcome ?? "") ? "good" : "neutral";
}

/** The time that its server worked. */
function workOf({ spans, from, to }: Step): number {
  return spans.length === 0 ? (to ?? from) - from : spans.reduce((sum, span) => sum + (span.to ?? span.from) - span.from, 0);
}
