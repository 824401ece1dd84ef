import { expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { nextMove } from "../../server/conversation/turn/next-move.ts";
import { TurnState } from "../../server/conversation/turn/turn-state.ts";

const by = { kind: "customer", id: "customer-one" } as const;

function fold(openSeq: number, ...drafts: EventDraft[]): TurnState {
  const state = new TurnState(openSeq, false);
  drafts.forEach((draft, index) => state.apply({ ...draft, seq: openSeq + index, at: 0 }));
  return state;
}

const asked: EventDraft = { type: "message-received", messageId: "message-1", text: "Hi", by };
const began: EventDraft = { type: "turn-started", turnId: "turn-0001", messageId: "message-1" };
const failed: EventDraft = { type: "turn-ended", turnId: "turn-0001", outcome: "failed", error: "internal" };
const retried: EventDraft = { type: "retry-requested", turnId: "turn-0001", messageId: "message-1" };

test("a retry that two tabs asked for in the same moment is one retry", () => {
  expect(fold(1, asked, began, failed, retried, retried).messages).toHaveLength(1);
  const running = fold(1, asked, began, failed, retried, { ...began, turnId: "turn-0002" }, retried);
  expect(running.messages).toHaveLength(0);
});

test("events of a turn that began before the open end are passed over", () => {
  const queued: EventDraft = { type: "message-received", messageId: "message-2", text: "And?", by };
  const state = fold(5, queued, { type: "step-ended", turnId: "turn-0001", step: 0, text: "Yes." }, { ...failed, outcome: "done" });
  expect(nextMove(state, new Set(), 0)).toMatchObject({ kind: "begin", message: { messageId: "message-2" } });
  expect(state.openSeq).toBe(5);
});

test("a journal read out of order is a fault, not a guess", () => {
  const state = fold(1, asked);
  expect(() => state.apply({ ...began, seq: 3, at: 0 })).toThrow("out of order");
});

test("a second decision about a request, should a journal ever have one, changes nothing", () => {
  const call = { turnId: "turn-0001", callId: "call-0001" };
  const reference = { source: "mcp", server: "orders", serverName: "Orders", tool: "book", title: "Book" } as const;
  const proposed: EventDraft = { ...call, type: "tool-call-proposed", step: 0, tool: reference, arguments: {} };
  const request = { ...call, requestId: "request-1", server: "orders", serverName: "Orders", expiresAt: 9 };
  const input = (action: "accept" | "decline"): EventDraft => ({ ...call, type: "input-decided", requestId: "request-1", action, by });
  const answered = fold(
    1,
    asked,
    began,
    proposed,
    { ...request, type: "input-requested", mode: "form", message: "" },
    input("accept"),
    input("decline"),
  );
  expect(answered.turn?.calls.get("call-0001")?.inputs.get("request-1")?.answered?.action).toBe("accept");
  const signIn = (decision: "connected" | "skipped"): EventDraft => ({
    ...call,
    type: "connection-decided",
    requestId: "request-1",
    decision,
    by,
  });
  const wanted: EventDraft = { ...request, type: "connection-requested", scopes: [], reason: "first" };
  const skipped = fold(1, asked, began, proposed, wanted, signIn("skipped"), signIn("connected"));
  expect(skipped.turn?.calls.get("call-0001")?.status).toBe("not-connected");
});
