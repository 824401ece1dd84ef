import type { ApprovalCard, CallPart } from "../thread/state.ts";
import { callWords } from "../words/call-words.ts";
import type { ThreadContext } from "./thread-context.ts";
import { visibleText } from "./visible-text.ts";

type Speaking = Pick<ThreadContext, "words" | "formats">;

/**
 * What the card is about, "Refund order 1042": the tool's title, and the argument that its last word names, where there is a short one. The title
 * is the tool server's, so this never guesses at grammar.
 */
export function actionText(call: CallPart): string {
  const title = call.tool.title.replace(/[\s?.!]+$/, "");
  const last = title.split(/\s+/).at(-1)?.toLowerCase() ?? "";
  const named = call.approval?.fields.find(
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
export function questionText(call: CallPart, { words }: Speaking): string {
  return callWords(words).question(actionText(call));
}

/** What became of a card, in one line; empty while it waits. */
export function decidedText({ status, by, decidedAt = 0 }: ApprovalCard, { words, formats }: Speaking): string {
  const said = callWords(words);
  const name = by?.kind === "customer" ? undefined : (by?.name ?? said.theTeam);
  // "9:59 AM" stays on one line.
  const time = formats.time(decidedAt).replace(/\s/g, "\u00a0");
  switch (status) {
    case "approved":
      return said.approved(name, time);
    case "rejected":
      return said.rejected(name, time);
    case "expired":
      return said.expired;
    case "withdrawn":
      return said.withdrawn;
    case "waiting":
      return "";
  }
}

/** What a screen reader hears of a card: that it waits, or what became of it. */
export function announcementText(call: CallPart, approval: ApprovalCard, context: Speaking): string {
  const question = questionText(call, context);
  const decided = decidedText(approval, context);
  return decided === "" ? callWords(context.words).approvalNeeded(question) : `${question} ${decided}`;
}
