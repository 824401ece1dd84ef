import { expect, test } from "vitest";
import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import { countUnread, newsAfter } from "../../../widget/controllers/thread-news.ts";
import { emptyThread, reduce } from "../../../widget/thread/reduce.ts";
import type { ThreadState } from "../../../widget/thread/state.ts";

const conversationId = "conversation-1";
const by = { kind: "customer", id: "customer-1" } as const;
const voiceCallId = "voice-call-1";

const started: EventDraft = { type: "voice-call-started", voiceCallId, by, via: "page" };
const ended: EventDraft = { type: "voice-call-ended", voiceCallId, reason: "hung-up", durationMs: 60_000 };
const spoken: EventDraft = { type: "message-received", messageId: "message-1", text: "Where is it", by, spoken: { voiceCallId } };
const turn: EventDraft = { type: "turn-started", turnId: "turn-1", messageId: "message-1" };
const step: EventDraft = { type: "step-ended", turnId: "turn-1", step: 0, text: "On its way. It comes on Friday." };
const cut = (more: object = {}): EventDraft => ({
  type: "speech-cut",
  voiceCallId,
  kind: "answer",
  turnId: "turn-1",
  step: 0,
  text: "On its way.",
  unheard: " It comes on Friday.",
  cutBy: "speech",
  ...more,
});

function happened(...drafts: readonly EventDraft[]): ThreadState {
  const events = drafts.map((draft, index) => ({ ...draft, seq: index + 1, at: 1_000 }) as JournalEvent);
  return reduce({ type: "events", frame: { conversationId, events } }, emptyThread(conversationId));
}

test("a call's beginning and end are in their places among the turns", () => {
  const { turns } = happened(started, spoken, turn, step, ended);
  expect(turns.map(({ voiceCall, message }) => voiceCall?.type ?? message?.text)).toEqual([
    "voice-call-started",
    "Where is it",
    "voice-call-ended",
  ]);
  expect(turns[0]).toMatchObject({ status: "done", endedAt: 1_000 });
});

test("a message that was spoken says so: while it waits, in its turn, and to a person", () => {
  expect(happened(spoken).queued).toMatchObject([{ status: "queued", isSpoken: true }]);
  expect(happened(spoken, turn).turns[0]?.message).toMatchObject({ status: "stored", isSpoken: true });
  const joined: EventDraft = { type: "person-joined", by: { kind: "staff", id: "s", name: "Mira" } };
  expect(happened(joined, spoken).turns.at(-1)?.message).toMatchObject({ isSpoken: true });
  const written: EventDraft = { type: "message-received", messageId: "message-1", text: "Where is it", by };
  expect(happened(written).queued[0]).not.toHaveProperty("isSpoken");
});

test("a cut stays with its turn, whatever comes after it: the end of the step, another cut", () => {
  const before = happened(spoken, turn, cut(), step, cut({ step: 1, cutBy: "button" }), {
    type: "turn-ended",
    turnId: "turn-1",
    outcome: "done",
  });
  expect(before.turns[0]?.cuts).toMatchObject([
    { step: 0, cutBy: "speech" },
    { step: 1, cutBy: "button" },
  ]);
  expect(before.turns[0]?.parts).toMatchObject([{ text: "On its way. It comes on Friday." }]);
});

test("what was cut and then heard to its end is cut no longer; what is cut further on is cut there", () => {
  const heard: EventDraft = { type: "speech-heard", voiceCallId, kind: "answer", turnId: "turn-1", step: 0, text: "It comes on Friday." };
  expect(happened(spoken, turn, step, cut(), heard).turns[0]?.cuts).toEqual([]);
  const again = cut({ text: "It comes", unheard: " on Friday." });
  expect(happened(spoken, turn, step, cut(), again).turns[0]?.cuts).toMatchObject([{ unheard: " on Friday." }]);
});

test("what was heard, a cut filler, and a cut answer that is not read here, change nothing", () => {
  const known = happened(spoken, turn, step);
  const more: readonly EventDraft[] = [
    { type: "speech-heard", voiceCallId, kind: "answer", turnId: "turn-1", step: 0, text: "On its way." },
    cut({ kind: "filler" }),
    cut({ turnId: "turn-0" }),
    cut({ turnId: undefined }),
  ];
  const events = more.map((draft, index) => ({ ...draft, seq: index + 4, at: 1_000 }) as JournalEvent);
  const after = reduce({ type: "events", frame: { conversationId, events } }, known);
  expect(after.turns).toBe(known.turns);
  expect(after.lastSeq).toBe(7);
});

test("calls are no news for the page, and leave nothing unread", () => {
  const state = happened(started, spoken, turn, cut(), ended);
  expect(newsAfter(0, state)).toEqual([]);
  expect(countUnread(0, state)).toBe(0);
});
