import { expect, test } from "vitest";
import type { InputField } from "../../../protocol/input-fields.ts";
import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import type { OpenedConversation } from "../../../protocol/frames.ts";
import { coalesce } from "../../../widget/thread/coalesce.ts";
import { emptyThread, needsOpen, reduce } from "../../../widget/thread/reduce.ts";
import type { CallPart, ThreadState } from "../../../widget/thread/state.ts";
import type { ThreadFrame } from "../../../widget/thread/thread-frame.ts";

const conversationId = "conversation-1";
const by = { kind: "customer", id: "customer-1" } as const;

function happened(state: ThreadState, ...drafts: readonly EventDraft[]): ThreadState {
  const events = drafts.map((draft, index) => ({ ...draft, seq: state.lastSeq + 1 + index, at: 1_000 }) as JournalEvent);
  return reduce({ type: "events", frame: { conversationId, events } }, state);
}

function turns(count: number): ThreadState {
  let state = emptyThread(conversationId);
  for (let index = 0; index < count; index++) {
    state = happened(
      state,
      { type: "message-received", messageId: `message-${index}`, text: "?", by },
      { type: "turn-started", turnId: `turn-${index}`, messageId: `message-${index}` },
      { type: "step-ended", turnId: `turn-${index}`, step: 0, text: "Answer" },
      ...(index === count - 1 ? [] : [{ type: "turn-ended" as const, turnId: `turn-${index}`, outcome: "done" as const }]),
    );
  }
  return state;
}

function opened(change: Partial<OpenedConversation>, after?: number): ThreadFrame {
  const reply: OpenedConversation = { events: [], more: false, lastSeq: 0, reset: false, progress: [], ...change };
  return { type: "opened", reply, ...(after === undefined ? {} : { after }) };
}

test("a piece of text makes a new object of its turn only", () => {
  const before = turns(500);
  const after = reduce({ type: "text", frame: { conversationId, turnId: "turn-499", step: 1, offset: 0, text: "More" } }, before);
  expect(after.turns.filter((turn, index) => turn !== before.turns[index]).map((turn) => turn.turnId)).toEqual(["turn-499"]);
  expect(after.turns[499]!.parts[0]).toBe(before.turns[499]!.parts[0]);
});

test("a step's end that says what was drawn changes nothing but that it is over", () => {
  let state = turns(1);
  state = reduce({ type: "text", frame: { conversationId, turnId: "turn-0", step: 1, offset: 0, text: "More" } }, state);
  state = happened(state, { type: "step-ended", turnId: "turn-0", step: 1, text: "More" });
  const ended = state.turns[0]!.parts.at(-1);
  expect(ended).toEqual({ kind: "text", step: 1, text: "More", open: false });
  const late = reduce({ type: "text", frame: { conversationId, turnId: "turn-0", step: 1, offset: 4, text: " late" } }, state);
  expect(late).toBe(state);
});

test("text of another attempt at the same step is not mixed with what is drawn", () => {
  const text = (offset: number, piece: string): ThreadFrame => ({
    type: "text",
    frame: { conversationId, turnId: "turn-0", step: 1, offset, text: piece },
  });
  const state = reduce(text(0, "Certainly"), turns(1));
  expect(needsOpen(reduce(text(0, "Cert"), state))).toBe(false);
  expect(needsOpen(reduce(text(4, "ainly, yes"), state))).toBe(false);
  const other = reduce(text(0, "Sorry"), state);
  expect(needsOpen(other)).toBe(true);
  const running = { turnId: "turn-0", step: 1, text: "Sorry" };
  const known = reduce(opened({ lastSeq: 3, running }, 3), other);
  expect(known.turns[0]!.parts.at(-1)).toMatchObject({ text: "Sorry", open: true });
  expect(needsOpen(known)).toBe(false);
});

test("another try stands under the first, which cannot be tried again", () => {
  const state = happened(
    turns(1),
    { type: "turn-ended", turnId: "turn-0", outcome: "failed", error: "model-busy" },
    { type: "retry-requested", turnId: "turn-0", messageId: "message-0" },
    { type: "turn-started", turnId: "turn-1", messageId: "message-0" },
  );
  expect(state.turns).toMatchObject([
    { status: "failed", error: "model-busy", retried: true, message: { text: "?" } },
    { status: "running", turnId: "turn-1" },
  ]);
  expect(state.turns[1]).not.toHaveProperty("message");
});

test("an event that this version does not know counts, and draws nothing", () => {
  const before = turns(1);
  const newer = { type: "sign-in-requested", seq: before.lastSeq + 1, at: 1 } as unknown as JournalEvent;
  const after = reduce({ type: "events", frame: { conversationId, events: [newer] } }, before);
  expect(after.lastSeq).toBe(before.lastSeq + 1);
  expect(after.turns).toBe(before.turns);
});

test("a server that was put back to an older copy is believed", () => {
  const state = turns(3);
  const events: JournalEvent[] = [{ type: "message-received", messageId: "message-0", text: "?", by, seq: 1, at: 1_000 }];
  const unsure = reduce(opened({ lastSeq: 1 }, state.lastSeq), state);
  expect(needsOpen(unsure)).toBe(true);
  expect(unsure.lastSeq).toBe(0);
  const after = reduce(opened({ events, lastSeq: 1 }), unsure);
  expect(after).toMatchObject({ lastSeq: 1, turns: [], queued: [{ messageId: "message-0" }] });
  expect(needsOpen(after)).toBe(false);
});

test("frames of another conversation do not matter", () => {
  const state = turns(1);
  const frame = { conversationId: "conversation-2", events: [] };
  expect(reduce({ type: "events", frame: { ...frame, events: [{ type: "hidden", seq: 99, at: 1 }] } }, state)).toBe(state);
  expect(reduce({ type: "progress", frame: { conversationId: "conversation-2", callId: "call-1", progress: 1 } }, state)).toBe(state);
});

test("pieces that continue each other become one, others keep their order", () => {
  const piece = (step: number, offset: number, text: string): ThreadFrame => ({
    type: "text",
    frame: { conversationId, turnId: "turn-0", step, offset, text },
  });
  const waiting: ThreadFrame[] = [];
  for (const frame of [piece(0, 0, "a"), piece(0, 1, "b"), piece(1, 0, "c"), piece(1, 2, "e"), piece(1, 3, "f")]) coalesce(frame, waiting);
  expect(waiting).toEqual([piece(0, 0, "ab"), piece(1, 0, "c"), piece(1, 2, "ef")]);
});

const call = { turnId: "turn-0", callId: "call-1" } as const;
const tool = { source: "mcp", server: "calendar", serverName: "Calendar", tool: "find", title: "Find a time" } as const;
const signIn = { ...call, server: "calendar", serverName: "Calendar", scopes: [] as string[], reason: "first", expiresAt: 9_000 } as const;
const question = {
  ...call,
  server: "calendar",
  serverName: "Calendar",
  mode: "form",
  message: "?",
  fields: [] as InputField[],
  expiresAt: 9_000,
} as const;

function called(): ThreadState {
  return happened(turns(1), { type: "tool-call-proposed", ...call, step: 1, tool });
}

function theCall(state: ThreadState): CallPart {
  return state.turns[0]!.parts.find((part) => part.kind === "call")!;
}

test("a sign-in holds its call and turn; connected brings the call back to its beginning, skipped ends it", () => {
  const asked = happened(called(), { type: "connection-requested", ...signIn, requestId: "request-1" });
  expect(theCall(asked)).toMatchObject({ status: "waiting", cards: [{ requestId: "request-1", status: "waiting", reason: "first" }] });
  expect(asked.turns[0]!.status).toBe("waiting");
  const connected = happened(asked, { type: "connection-decided", ...call, requestId: "request-1", decision: "connected", by });
  expect(theCall(connected)).toMatchObject({ status: "proposed", cards: [{ status: "connected", by, decidedAt: 1_000 }] });
  expect(connected.turns[0]!.status).toBe("running");
  const skipped = happened(asked, { type: "connection-decided", ...call, requestId: "request-1", decision: "skipped", by });
  expect(theCall(skipped)).toMatchObject({ status: "ended", outcome: "refused", cards: [{ status: "skipped" }] });
});

test("a call keeps every request, one after another, and each has its own end", () => {
  const state = happened(
    called(),
    { type: "connection-requested", ...signIn, requestId: "request-1" },
    { type: "connection-decided", ...call, requestId: "request-1", decision: "connected", by },
    { type: "tool-call-started", ...call, attempt: 1 },
    { type: "connection-requested", ...signIn, requestId: "request-2", reason: "scope" },
  );
  expect(theCall(state)).toMatchObject({ status: "waiting", cards: [{ status: "connected" }, { status: "waiting", reason: "scope" }] });
  const late = happened(state, { type: "connection-decided", ...call, requestId: "request-1", decision: "withdrawn", by });
  expect(theCall(late).status).toBe("waiting");
});

test("of several questions at once the call waits for the last, and goes on whatever the answers are", () => {
  const asked = happened(
    called(),
    { type: "tool-call-started", ...call, attempt: 1 },
    { type: "input-requested", ...question, requestId: "request-1" },
    { type: "input-requested", ...question, requestId: "request-2" },
  );
  const half = happened(asked, { type: "input-decided", ...call, requestId: "request-2", action: "decline", by });
  expect(theCall(half)).toMatchObject({ status: "waiting", cards: [{ status: "waiting" }, { status: "decline" }] });
  expect(theCall(half).cards[0]).toBe(theCall(asked).cards[0]);
  const whole = happened(half, { type: "input-decided", ...call, requestId: "request-1", action: "expired", by });
  expect(theCall(whole).status).toBe("running");
  expect(whole.turns[0]!.status).toBe("running");
});

test("an answer on its way, and the server's word on it, belong to one card alone and survive an older page", () => {
  const asked = happened(
    called(),
    { type: "tool-call-started", ...call, attempt: 1 },
    { type: "input-requested", ...question, requestId: "request-1" },
    { type: "input-requested", ...question, requestId: "request-2" },
  );
  const sent = reduce({ type: "decide", cardId: "request-2", deciding: "accept" }, asked);
  expect(theCall(sent).cards.map((card) => card.deciding)).toEqual([undefined, "accept"]);
  const error = { code: "unfit-answer", message: "No." } as const;
  const refused = reduce({ type: "decide", cardId: "request-2", error }, sent);
  expect(theCall(refused).cards.map((card) => card.error)).toEqual([undefined, error]);
  const { events } = refused.ledger;
  const anew = reduce(opened({ events: events as JournalEvent[], lastSeq: refused.lastSeq, reset: true }, refused.lastSeq), refused);
  expect(anew.turns[0]).toBe(refused.turns[0]);
});

test("what a server keeps for itself while a call goes on draws nothing", () => {
  const before = happened(called(), { type: "tool-call-started", ...call, attempt: 1 });
  const after = happened(
    before,
    { type: "tool-call-paused", ...call, inputs: {} },
    { type: "tool-call-resumed", ...call },
    { type: "tool-call-task", ...call, taskId: "task", pollMs: 500 },
    { type: "sampling-ended", ...call, requestId: "request-1", server: "calendar", outcome: "ok", prompt: "?" },
  );
  expect(after.lastSeq).toBe(before.lastSeq + 4);
  expect(after.turns).toBe(before.turns);
});

test("what the team made of the arguments is what a decided card shows", () => {
  const call = { turnId: "turn-0", callId: "call-1" };
  const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "refund", title: "Refund" } as const;
  const field = (value: number) => [{ name: "amount", title: "Amount", value }];
  const asked = {
    approver: "staff",
    arguments: { amount: 5 },
    fields: field(5),
    argumentsHash: "x",
    rememberable: false,
    expiresAt: 9,
  } as const;
  const waiting = happened(
    turns(1),
    { type: "tool-call-proposed", ...call, step: 0, tool },
    { type: "approval-requested", ...call, approvalId: "approval-1", ...asked },
  );
  const decision = { decision: "approved", scope: "once", by: { kind: "staff", id: "staff", name: "Kim" } } as const;
  const decided = happened(waiting, { type: "approval-decided", ...call, approvalId: "approval-1", ...decision, fields: field(3) });
  const cardsOf = (state: ThreadState) => (state.turns.at(-1)!.parts.find((part) => part.kind === "call") as CallPart).cards;
  expect(cardsOf(waiting)[0]).not.toHaveProperty("before");
  expect(cardsOf(decided)[0]).toMatchObject({ status: "approved", before: field(5), fields: field(3) });
});

test("a rating is drawn at its answer, the newest counts, and one of an answer that was not read draws nothing", () => {
  const before = turns(2);
  const rated = happened(
    before,
    { type: "feedback-given", turnId: "turn-0", rating: "down", by },
    { type: "feedback-given", turnId: "turn-0", rating: "up", by },
    { type: "feedback-given", turnId: "turn-of-before", rating: "down", by },
  );
  expect(rated.turns.map(({ turnId, rating }) => [turnId, rating])).toEqual([
    ["turn-0", "up"],
    ["turn-1", undefined],
  ]);
  expect(rated.turns[1]).toBe(before.turns[1]);
});

test("a call knows whether it can be shown by a view, and whether a view made it", () => {
  const proposal = { type: "tool-call-proposed", turnId: "turn-0", step: 1, tool } as const;
  const state = happened(
    turns(1),
    { ...proposal, callId: "call-1", view: {} },
    { ...proposal, callId: "call-2", byView: "call-1" },
    { ...proposal, callId: "call-3" },
  );
  const calls = state.turns[0]!.parts.filter((part) => part.kind === "call");
  expect(calls.map(({ hasView, isByView }) => [hasView, isByView])).toEqual([
    [true, undefined],
    [undefined, true],
    [undefined, undefined],
  ]);
});
