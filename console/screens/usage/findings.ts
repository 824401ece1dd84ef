import type { Usage } from "../../api/types.ts";
import { formatDuration, formatMoney, formatNumber, formatPercent } from "../../foundation/format.ts";
import { usageWords } from "./usage-words.ts";

export type Figures = Usage["totals"];
type Tool = Usage["tools"][number];
type Outcomes = Figures["calls"];

/** Of nothing there is no share. */
export function shareOf(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

export function percentText(share: number | undefined): string {
  return share === undefined ? usageWords.none : formatPercent(share);
}

export function durationText(ms: number | undefined): string {
  return ms === undefined ? usageWords.none : formatDuration(ms);
}

export function withoutPerson({ conversations, metPerson }: Figures): number | undefined {
  return shareOf(conversations - metPerson, conversations);
}

/** Calls that were sent: one that was refused could not fail. */
export function sentOf({ ok, failed, cancelled, unknown }: Outcomes): number {
  return ok + failed + cancelled + unknown;
}

export function failedShare(calls: Outcomes): number | undefined {
  return shareOf(calls.failed, sentOf(calls));
}

export function decidedOf({ approved, rejected, expired }: Figures["approvals"]): number {
  return approved + rejected + expired;
}

export function approvalShare({ approvals }: Figures): number | undefined {
  return shareOf(approvals.approved, decidedOf(approvals));
}

export function goodShare({ feedback }: Figures): number | undefined {
  return shareOf(feedback.up, feedback.up + feedback.down);
}

export function tokensOf({ tokens }: Pick<Figures, "tokens">): number {
  return tokens.input + tokens.output;
}

/** How many calls, and how long they were. */
export function voiceText({ voiceCalls, voiceMs }: Pick<Figures, "voiceCalls" | "voiceMs">): string {
  return voiceCalls === 0 ? usageWords.none : `${formatNumber(voiceCalls)} · ${formatDuration(voiceMs)}`;
}

/** A part of the cost is not all of it, and an unknown one is not none. */
export function costText({ costs, steps, unpricedSteps }: Pick<Figures, "costs" | "steps" | "unpricedSteps">): string {
  if (steps === 0) return usageWords.none;
  const known = costs.map(({ amount, currency }) => formatMoney(amount, currency)).join(" + ");
  if (unpricedSteps === 0) return known;
  return known === "" ? usageWords.unknown : usageWords.atLeast(known);
}

/** The tool that fails most often, among those that were called a few times. */
function worstTool(tools: readonly Tool[]): Tool | undefined {
  const often = tools.filter(({ calls }) => sentOf(calls) >= 5);
  const among = often.length === 0 ? tools : often;
  return among.toSorted((one, other) => (failedShare(other.calls) ?? 0) - (failedShare(one.calls) ?? 0))[0];
}

/** Compared as it is read: what rounds to the same is the same. */
function change(now: number | undefined, before: number | undefined, text: (value: number) => string): string {
  if (now === undefined || before === undefined) return "";
  if (text(now) === text(before)) return usageWords.asBefore;
  return now > before ? usageWords.upFrom(text(before)) : usageWords.downFrom(text(before));
}

/** What each chart shows, in a sentence. */
export function findings({ totals, before, tools, toolsBefore }: Usage) {
  const { found } = usageWords;
  const worst = worstTool(tools);
  const worstShare = worst && failedShare(worst.calls);
  const worstBefore = toolsBefore.find((tool) => tool.server === worst?.server && tool.tool === worst.tool);
  const ratings = totals.feedback.up + totals.feedback.down;
  const wait = totals.approvalMs?.p50;
  return {
    conversations:
      totals.conversations === 0
        ? found.noConversations
        : found.conversations(
            formatNumber(totals.conversations),
            percentText(withoutPerson(totals)),
            change(withoutPerson(totals), withoutPerson(before), formatPercent),
          ),
    tools:
      worst === undefined || worstShare === undefined
        ? found.noCalls
        : worst.calls.failed > 0
          ? found.worstTool(
              worst.tool,
              formatPercent(worstShare),
              change(worstShare, worstBefore && failedShare(worstBefore.calls), formatPercent),
            )
          : totals.calls.failed > 0
            ? found.failures(formatNumber(totals.calls.failed), formatNumber(sentOf(totals.calls)))
            : found.noFailures(formatNumber(sentOf(totals.calls))),
    models:
      totals.steps === 0
        ? found.noTokens
        : found.tokens(
            formatNumber(tokensOf(totals)),
            costText(totals),
            change(tokensOf(totals), before.steps === 0 ? undefined : tokensOf(before), formatNumber),
          ),
    approvals:
      decidedOf(totals.approvals) === 0
        ? found.noApprovals
        : found.approvals(
            percentText(approvalShare(totals)),
            durationText(wait),
            change(approvalShare(totals), approvalShare(before), formatPercent),
          ),
    feedback:
      ratings === 0
        ? found.noFeedback
        : found.feedback(
            percentText(goodShare(totals)),
            formatNumber(ratings),
            change(goodShare(totals), goodShare(before), formatPercent),
          ),
  };
}
