import { html, nothing, type TemplateResult } from "lit";
import { TURN_ERRORS } from "../../../../../protocol/errors.ts";
import type { Cost, EventOf, JournalEvent, Usage } from "../../../../../protocol/events.ts";
import { formatDuration, formatList, formatMoney, formatNumber } from "../../../../foundation/format.ts";
import { asSaid } from "../../../../parts/as-said.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { argumentsDifference } from "./call-details.ts";
import { actorName } from "./actor-name.ts";
import { pairs } from "../../../../parts/pairs.ts";
import { byAt, clockTime } from "./detail-parts.ts";
import { detailWords } from "./detail-words.ts";
import { json, said } from "./said-json.ts";
import type { Step } from "./step.ts";
import { outcomeText, traceWords } from "./trace-words.ts";
import { speechDetails, spokenDetails, voiceCallDetails } from "./voice-details.ts";
import { viewDetails } from "./view-details.ts";
import { isSpoken } from "./voice-steps.ts";

/** What a step was, but for a call. `contextTokens` is the size of the model's window, where it is known. */
export function stepDetails(step: Step, contextTokens: number | undefined): TemplateResult {
  const [event] = step.events;
  if (event === undefined) return html`<p class="muted">${detailWords.waitsForModel}</p>`;
  switch (event.type) {
    case "step-ended":
      return modelDetails(event, contextTokens);
    case "voice-call-started":
    case "voice-call-ended":
      return voiceCallDetails(step);
    case "speech-heard":
    case "speech-cut":
      return speechDetails(event);
    case "message-received":
      return isSpoken(event) ? spokenDetails(event) : plainDetails(event);
    case "approval-requested":
      return approvalDetails(event, step.events);
    case "connection-requested":
    case "input-requested":
      return requestDetails(event, step);
    case "sampling-ended":
      return samplingDetails(event);
    case "turn-ended":
      return endDetails(event);
    case "turn-started":
      return pairs([[detailWords.version, event.version === undefined ? undefined : formatNumber(event.version)]]);
    case "summary-written":
      return html`${pairs([
        [detailWords.through, formatNumber(event.throughSeq)],
        [detailWords.model, event.model === undefined ? undefined : html`<code>${hiddenShown(event.model)}</code>`],
        [detailWords.tokens, event.usage === undefined ? undefined : tokensText(event.usage)],
        [detailWords.cost, event.model === undefined ? undefined : costText(event.cost)],
      ])}
      ${said(detailWords.text, event.text)}`;
    case "feedback-given":
      return html`${pairs([
        [detailWords.rating, traceWords.ratings[event.rating]],
        [detailWords.by, actorName(event.by)],
      ])}
      ${event.comment === undefined ? nothing : said(detailWords.comment, event.comment)}`;
    case "tool-call-settled":
      return pairs([
        [detailWords.tool, event.title === undefined ? undefined : hiddenShown(event.title)],
        [detailWords.callId, html`<code>${event.callId}</code>`],
        [detailWords.settled, html`${outcomeText(event.outcome)}, ${byAt(event.by, event.at)}`],
        [detailWords.note, event.note === undefined ? undefined : hiddenShown(event.note)],
        [detailWords.mayRetry, event.mayRetry === true ? detailWords.mayRetryText : undefined],
      ]);
    case "view-noted":
    case "view-context":
      return viewDetails(event);
    case "tools-unavailable":
      return pairs([
        [detailWords.server, html`${hiddenShown(event.serverName)} <code>${event.server}</code>`],
        [detailWords.cause, cause(event.cause)],
      ]);
    default:
      return plainDetails(event);
  }
}

/** What somebody wrote or did. */
function plainDetails(event: JournalEvent): TemplateResult {
  const text = "text" in event && typeof event.text === "string" ? event.text : undefined;
  return html`${pairs([
    [detailWords.by, "by" in event ? actorName(event.by) : undefined],
    [detailWords.reason, "reason" in event && typeof event.reason === "string" ? hiddenShown(event.reason) : undefined],
  ])}${text === undefined ? nothing : said(detailWords.text, text)}`;
}

function cause(text: string | undefined): TemplateResult | undefined {
  return text === undefined ? undefined : html`${asSaid(hiddenShown(text))}`;
}

function modelDetails(event: EventOf<"step-ended">, contextTokens: number | undefined): TemplateResult {
  const { model, usage, firstTokenMs, cut, text } = event;
  const { thoughtsText } = event as { readonly thoughtsText?: string };
  const input = usage?.inputTokens;
  return html`${pairs([
    [detailWords.model, html`<code>${model === undefined ? detailWords.unknown : hiddenShown(model)}</code>`],
    [detailWords.tokens, tokensText(usage ?? {})],
    [detailWords.cost, costText(event.cost)],
    [detailWords.window, input === undefined || contextTokens === undefined ? detailWords.unknown : windowUse(input, contextTokens)],
    [detailWords.firstToken, firstTokenMs === undefined ? undefined : detailWords.firstTokenAfter(formatDuration(firstTokenMs))],
    [detailWords.cut, cut === undefined ? undefined : detailWords.cuts[cut]],
  ])}
  ${text === "" ? html`<p class="muted">${detailWords.noText}</p>` : said(detailWords.text, text)}
  ${thoughtsText === undefined ? nothing : said(detailWords.thoughts, thoughtsText)}`;
}

function tokensText({ inputTokens, outputTokens }: Usage): string {
  const count = (tokens: number | undefined): string => (tokens === undefined ? detailWords.unknown : formatNumber(tokens));
  return traceWords.tokensShort(count(inputTokens), count(outputTokens));
}

function windowUse(used: number, whole: number): TemplateResult {
  const said = detailWords.windowUse(formatNumber(used), formatNumber(whole), formatNumber(Math.round((used / whole) * 100)));
  return html`<meter min="0" max=${whole} high=${whole * 0.9} .value=${Math.min(used, whole)} aria-label=${detailWords.window}></meter>
    ${said} <span class="muted">${detailWords.windowNote}</span>`;
}

function approvalDetails(event: EventOf<"approval-requested">, events: readonly JournalEvent[]): TemplateResult {
  const { approver, because, people, groups, expiresAt, arguments: given } = event;
  const decided = events.find((one) => one.type === "approval-decided");
  const others = events.filter((one) => one.type === "approval-given");
  return html`${pairs([
    [detailWords.approver, traceWords.approvers[approver]],
    [detailWords.because, because === undefined ? undefined : html`<code>${hiddenShown(because)}</code>`],
    [detailWords.people, people === undefined ? undefined : formatNumber(people)],
    [detailWords.groups, groups === undefined ? undefined : formatList(groups)],
    [detailWords.expires, clockTime(expiresAt)],
    ...others.map(({ by, at }) => [detailWords.given, byAt(by, at)] as const),
    [detailWords.decided, decided === undefined ? undefined : html`${outcomeText(decided.decision)}, ${byAt(decided.by, decided.at)}`],
    [detailWords.aloud, decided?.spoken === undefined ? undefined : hiddenShown(decided.spoken.transcript)],
    [detailWords.scope, decided?.decision === "approved" ? detailWords.scopes[decided.scope] : undefined],
    [detailWords.reason, decided?.reason === undefined ? undefined : hiddenShown(decided.reason)],
  ])}
  ${json(detailWords.arguments, given)}
  ${
    decided?.arguments === undefined
      ? nothing
      : html`<h3>${detailWords.edited}</h3>
          ${argumentsDifference(given, decided.arguments)}`
  }`;
}

function requestDetails(event: EventOf<"connection-requested" | "input-requested">, { events }: Step): TemplateResult {
  const decided = events.find((one) => one.type === "connection-decided" || one.type === "input-decided");
  const word = decided?.type === "connection-decided" ? decided.decision : decided?.action;
  const fields = event.type === "input-requested" ? event.fields : undefined;
  const content = decided?.type === "input-decided" ? decided.content : undefined;
  return html`${pairs([
    [detailWords.server, html`${hiddenShown(event.serverName)} <code>${event.server}</code>`],
    [
      detailWords.asksFor,
      event.type === "connection-requested" && event.scopes.length > 0
        ? html`<code>${hiddenShown(event.scopes.join(" "))}</code>`
        : undefined,
    ],
    [detailWords.asks, event.type === "input-requested" ? hiddenShown(event.message) : undefined],
    [
      detailWords.page,
      event.type === "input-requested" && event.url !== undefined ? html`<code>${hiddenShown(event.url)}</code>` : undefined,
    ],
    [detailWords.expires, clockTime(event.expiresAt)],
    [detailWords.decided, decided === undefined ? undefined : html`${outcomeText(word)}, ${byAt(decided.by, decided.at)}`],
  ])}
  ${fields === undefined || fields.length === 0 ? nothing : json(detailWords.fields, fields)}
  ${content === undefined ? nothing : json(detailWords.answer, content)}`;
}

function samplingDetails(event: EventOf<"sampling-ended">): TemplateResult {
  const { model, outcome, stopReason, cause: why, prompt, text, usage, cost } = event;
  return html`${pairs([
    [detailWords.model, model === undefined ? undefined : html`<code>${hiddenShown(model)}</code>`],
    [detailWords.outcome, outcomeText(outcome)],
    [detailWords.tokens, usage === undefined ? undefined : tokensText(usage)],
    [detailWords.cost, model === undefined ? undefined : costText(cost)],
    [detailWords.stopReason, stopReason],
    [detailWords.cause, cause(why)],
  ])}
  ${said(detailWords.prompt, prompt)} ${text === undefined ? nothing : said(detailWords.answer, text)}`;
}

function endDetails({ outcome, error, cause: why }: EventOf<"turn-ended">): TemplateResult {
  const read = error !== undefined && Object.hasOwn(TURN_ERRORS, error) ? TURN_ERRORS[error as keyof typeof TURN_ERRORS] : undefined;
  return pairs([
    [detailWords.outcome, outcomeText(outcome)],
    [detailWords.code, error === undefined ? undefined : html`<code>${error}</code>`],
    [detailWords.cause, cause(why)],
    [detailWords.customerRead, read],
  ]);
}

/** A step without a price or without counts cost something that nobody knows, never nothing. */
function costText(cost: Cost | undefined): string {
  return cost === undefined ? detailWords.unknown : formatMoney(cost.amount, cost.currency);
}
