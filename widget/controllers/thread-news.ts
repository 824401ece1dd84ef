import type { WireError } from "../../protocol/errors.ts";
import type { ApprovalCard, CallPart, ThreadState, Turn } from "../thread/state.ts";
import { findCard } from "../thread/turns.ts";

/**
 * What the page around the widget may want to know: once each, live only (never for what is read back after a reload).
 * `message`: the customer wrote something here. `answer`: a turn ended. `approval`: a card was shown, or decided (see its `status`).
 * `error`: a message, a decision or the connection was refused.
 */
export type ThreadNews =
  | { readonly kind: "message"; readonly messageId: string; readonly text: string }
  | { readonly kind: "answer"; readonly turn: Turn }
  | { readonly kind: "approval"; readonly call: CallPart; readonly approval: ApprovalCard }
  | { readonly kind: "error"; readonly error: WireError };

/** What the events after `seq` have to tell. */
export function newsAfter(seq: number, state: ThreadState): readonly ThreadNews[] {
  const news: ThreadNews[] = [];
  for (const event of since(seq, state)) {
    if (event.type === "turn-ended") {
      const turn = state.turns.find((other) => other.turnId === event.turnId);
      if (turn !== undefined) news.push({ kind: "answer", turn });
    } else if (event.type === "approval-requested" || event.type === "approval-decided") {
      const call = findCard(state.turns, event.approvalId);
      if (call?.approval !== undefined) news.push({ kind: "approval", call, approval: call.approval });
    }
  }
  return news;
}

/** How many answers and cards came after `seq`. */
export function countUnread(seq: number, state: ThreadState): number {
  return since(seq, state).filter(
    (event) => event.type === "approval-requested" || (event.type === "turn-ended" && event.outcome !== "stopped"),
  ).length;
}

function since(seq: number, { ledger: { events } }: ThreadState): typeof events {
  return events.slice(events.findLastIndex((event) => event.seq <= seq) + 1);
}
