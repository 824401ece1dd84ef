import type { ApprovalCard, CallPart } from "../../../thread/state.ts";
import { callWords } from "../../../words/call-words.ts";
import { decidedBy } from "../card/decided-by.ts";
import type { Speaking } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/**
 * What the card is about, "Refund order 1042": the tool's title, and the argument that its last word names, if that is
 * short. The title comes from the tool's server, so this never guesses at grammar.
 */
export function actionText(call: CallPart, approval: ApprovalCard): string {
  const title = call.tool.title.replace(/[\s?.!]+$/, "");
  const last = title.split(/\s+/).at(-1)?.toLowerCase() ?? "";
  const named = approval.fields.find(
    ({ name, title: label, value, format }) =>
      format === undefined &&
      (typeof value === "string" || typeof value === "number") &&
      String(value).length <= 24 &&
      visibleText(String(value)) === String(value) &&
      `${name} ${label}`
        .toLowerCase()
        .split(/[\s_-]+/)
        .includes(last),
  );
  return named === undefined ? title : `${title} ${String(named.value)}`;
}

/** What the card asks, "Refund order 1042?". */
export function questionText(call: CallPart, approval: ApprovalCard, { words }: Speaking): string {
  return callWords(words).question(actionText(call, approval));
}

/** How a card was decided, in one line; empty while it waits. */
export function decidedText(card: ApprovalCard, context: Speaking): string {
  const said = callWords(context.words);
  switch (card.status) {
    case "approved":
    case "rejected":
      return said[card.status](...decidedBy(card, context));
    case "expired":
    case "withdrawn":
      return said[card.status];
    case "waiting":
      return "";
  }
}

/** What a screen reader hears of a request for approval: that it waits, for whom, or how it was decided. */
export function approvalAnnouncement(call: CallPart, approval: ApprovalCard, context: Speaking): string {
  const question = questionText(call, approval, context);
  const words = callWords(context.words);
  if (approval.status !== "waiting") return `${question} ${decidedText(approval, context)}`;
  return approval.approver === "staff" ? `${question} ${words.staffDecides}` : words.approvalNeeded(question);
}
