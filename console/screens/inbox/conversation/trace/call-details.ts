import { html, nothing, type TemplateResult } from "lit";
import type { EventOf, EventType, JournalEvent, ToolReference } from "../../../../../protocol/events.ts";
import { formatList, formatNumber } from "../../../../foundation/format.ts";
import { may } from "../../../../foundation/screen.ts";
import { asSaid } from "../../../../parts/as-said.ts";
import "../../../../parts/settle-form.ts";
import { settleWords } from "../../../../parts/settle-words.ts";
import { textDifference } from "../../../../parts/text-difference.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import "./call-result.ts";
import { pairs } from "../../../../parts/pairs.ts";
import { byAt } from "./detail-parts.ts";
import { detailWords } from "./detail-words.ts";
import { json, said } from "./said-json.ts";
import type { Step } from "./step.ts";
import { outcomeText } from "./trace-words.ts";
import { viewTraceWords } from "./view-trace-words.ts";

/** What the journal has of a call. */
export function callDetails(
  { events }: Step,
  parts: readonly Step[],
  place: { readonly conversationId: string; readonly sessionId: string | undefined },
): TemplateResult {
  const proposed = find(events, "tool-call-proposed");
  const ended = find(events, "tool-call-ended");
  const settled = find(events, "tool-call-settled");
  const edited = parts.flatMap(({ events: all }) => all).find((event) => event.type === "approval-decided")?.arguments;
  const callId = proposed?.callId ?? ended?.callId ?? "";
  const { conversationId } = place;
  return html`${proposed === undefined ? nothing : toolPairs(proposed.tool)}
  ${pairs([
    [detailWords.callId, html`<code>${callId}</code>`],
    [viewTraceWords.byView, ofView(proposed)],
    [detailWords.attempts, attempts(events)],
    [detailWords.outcome, ended === undefined ? undefined : outcomeText(ended.outcome)],
    [detailWords.refusal, ended?.refusal],
    [detailWords.cause, ended?.cause === undefined ? undefined : html`${asSaid(hiddenShown(ended.cause))}`],
    [detailWords.settled, settled === undefined ? undefined : html`${outcomeText(settled.outcome)}, ${byAt(settled.by, settled.at)}`],
    [detailWords.note, settled?.note === undefined ? undefined : hiddenShown(settled.note)],
  ])}
  ${proposed === undefined || !isOpen(ended, settled) ? nothing : settleForm(proposed, conversationId)}
  ${proposed === undefined ? nothing : argumentsOf(proposed, edited)} ${ended === undefined ? nothing : resultOf(ended, conversationId)}
  ${proposed?.tool.source === "host" ? nothing : headers(place)}`;
}

function ofView(proposed: EventOf<"tool-call-proposed"> | undefined): TemplateResult | undefined {
  if (proposed?.byView === undefined) return undefined;
  return html`<code>${proposed.byView}</code>
    <p class="hint">${viewTraceWords.byViewNote}</p>`;
}

/** Whether nobody knows how it ended, and whoever looks may say. */
function isOpen(ended: EventOf<"tool-call-ended"> | undefined, settled: EventOf<"tool-call-settled"> | undefined): boolean {
  return ended?.outcome === "unknown" && (settled?.outcome ?? "unknown") === "unknown" && may("approvals.decide");
}

function settleForm({ callId, tool }: EventOf<"tool-call-proposed">, conversationId: string): TemplateResult {
  const title = tool.title || tool.tool;
  return html`<h3>${settleWords.settle(hiddenShown(title))}</h3>
    <desk-settle-form .conversationId=${conversationId} .callId=${callId} .callTitle=${title}></desk-settle-form>`;
}

/** Which tool it is, and what it says of itself. */
function toolPairs(tool: ToolReference): TemplateResult {
  const hints = [
    ...(tool.readOnly === true ? [detailWords.readOnly] : []),
    ...(tool.destructive === true ? [detailWords.destructive] : []),
    ...(tool.trusted === false ? [detailWords.untrusted] : []),
  ];
  return pairs([
    [detailWords.tool, html`${hiddenShown(tool.title)} <code>${hiddenShown(tool.tool)}</code>`],
    [detailWords.server, html`${hiddenShown(tool.serverName)} <code>${tool.server}</code>`],
    [detailWords.source, detailWords.sources[tool.source]],
    [detailWords.hints, hints.length === 0 ? undefined : formatList(hints)],
  ]);
}

function attempts(events: readonly JournalEvent[]): string | undefined {
  const most = Math.max(0, ...events.flatMap((event) => (event.type === "tool-call-started" ? [event.attempt] : [])));
  return most > 1 ? formatNumber(most) : undefined;
}

function argumentsOf(proposed: EventOf<"tool-call-proposed">, edited: Readonly<Record<string, unknown>> | undefined): TemplateResult {
  const { arguments: given, argumentsText } = proposed;
  if (given === undefined) return argumentsText === undefined ? html`` : said(detailWords.argumentsText, argumentsText);
  if (edited === undefined) return json(detailWords.arguments, given);
  return html`${json(detailWords.arguments, given)}
    <h3>${detailWords.edited}</h3>
    ${argumentsDifference(given, edited)} ${json(detailWords.ran, edited)}`;
}

export function argumentsDifference(before: unknown, after: unknown): TemplateResult {
  return textDifference(JSON.stringify(before, undefined, 2), JSON.stringify(after, undefined, 2));
}

function resultOf(ended: EventOf<"tool-call-ended">, conversationId: string): TemplateResult {
  const { text, shortened, bytes = 0, keep, callId } = ended;
  return html`${text === undefined ? nothing : said(detailWords.read, text)}
  ${shortened === true ? html`<p class="muted">${detailWords.shortened(formatNumber(bytes))}</p>` : nothing}
  ${
    keep !== undefined
      ? html`<p class="muted">${keep === "redacted" ? detailWords.redacted : detailWords.notKept}</p>`
      : ended.refusal !== undefined
        ? nothing
        : html`<desk-call-result .conversationId=${conversationId} .callId=${callId}></desk-call-result>`
  }`;
}

function headers({
  conversationId,
  sessionId,
}: {
  readonly conversationId: string;
  readonly sessionId: string | undefined;
}): TemplateResult {
  return html`<h3>${detailWords.headers}</h3>
    ${pairs([
      ["X-Chat-Id", html`<code>${conversationId}</code>`],
      ["X-Session-Id", sessionId === undefined ? detailWords.sessionUnknown : html`<code>${sessionId}</code>`],
    ])}
    <p class="hint">${detailWords.headersNote} ${detailWords.wire}</p>`;
}

function find<T extends EventType>(events: readonly JournalEvent[], type: T): EventOf<T> | undefined {
  return events.findLast((event): event is EventOf<T> => event.type === type);
}
