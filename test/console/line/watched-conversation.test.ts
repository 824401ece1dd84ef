import { beforeEach, expect, test, vi } from "vitest";
import type { EventDraft } from "../../../protocol/events.ts";
import type { StaffConversation, StaffEvent } from "../../../protocol/staff-frames.ts";
import type { ConversationListener } from "../../../console/line/conversation-watch.ts";
import { WatchedConversation } from "../../../console/line/watched-conversation.ts";

const line = vi.hoisted(() => ({ watch: vi.fn() }));
vi.mock(import("../../../console/line/staff-line.ts"), () => ({ line }) as never);

const TURN = "turn-0001";
const sue = { kind: "staff", id: "sue", name: "Sue" } as const;
const conversation: StaffConversation = {
  events: [],
  more: false,
  lastSeq: 0,
  reset: false,
  progress: [],
  assistant: "shop",
  customer: "customer-one",
  people: [],
};

let listener: ConversationListener;
let watched: WatchedConversation;
let seq: number;
const closed = vi.fn();
const page = vi.fn();
const happens = (...drafts: readonly EventDraft[]): void =>
  listener.events(drafts.map((draft) => ({ ...draft, seq: (seq += 1), at: 1 }) as StaffEvent));

beforeEach(() => {
  seq = 0;
  closed.mockClear();
  line.watch.mockImplementation((_id: string, given: ConversationListener) => {
    listener = given;
    return { close: closed, page };
  });
  const host = { addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) };
  watched = new WatchedConversation(host, () => "conversation-one");
  watched.hostConnected();
  listener.opened(conversation, undefined);
});

test("text grows while it is said, and its step's event takes its place", () => {
  const text = { conversationId: "conversation-one", turnId: TURN, step: 0 };
  listener.text?.({ ...text, offset: 0, text: "On its " });
  listener.text?.({ ...text, offset: 7, text: "way" });
  expect(watched.running).toEqual({ turnId: TURN, step: 0, text: "On its way" });
  // A piece was lost: what is shown stays true.
  listener.text?.({ ...text, offset: 20, text: "!" });
  expect(watched.running?.text).toBe("On its way");
  happens({ type: "step-ended", turnId: TURN, step: 0, text: "On its way to you!" });
  expect([watched.running, watched.events.length]).toEqual([undefined, 1]);
});

test("how far a call is goes with the call's end", () => {
  listener.progress?.({ conversationId: "conversation-one", callId: "call-0001", progress: 1 });
  expect(watched.progress.get("call-0001")).toMatchObject({ progress: 1 });
  happens({ type: "tool-call-ended", turnId: TURN, callId: "call-0001", outcome: "ok" });
  expect(watched.progress.size).toBe(0);
});

test("who answers is known from the events on", () => {
  happens({ type: "person-joined", by: sue });
  expect(watched.head).toEqual({ assistant: "shop", customer: "customer-one", person: { id: "sue", name: "Sue" } });
  happens({ type: "handed-back", by: sue });
  expect(watched.head).toEqual({ assistant: "shop", customer: "customer-one" });
});

test("who writes is shown until they stop, or their text comes", () => {
  vi.useFakeTimers();
  try {
    const typing = { conversationId: "conversation-one", by: sue, what: "reply" } as const;
    listener.typing?.(typing);
    expect(watched.typing).toEqual([typing]);
    vi.advanceTimersByTime(6_000);
    expect(watched.typing).toEqual([]);
    listener.typing?.(typing);
    happens({ type: "reply-sent", messageId: "message-0001", text: "Hi", by: sue });
    expect(watched.typing).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test("older events come before the others, once, and a break leaves what is there", async () => {
  seq = 10;
  happens({ type: "person-joined", by: sue });
  watched.more = true;
  page.mockResolvedValueOnce({ events: [{ type: "person-asked", by: sue, open: true, seq: 10, at: 1 }], more: false });
  await Promise.all([watched.loadOlder(), watched.loadOlder()]);
  expect([watched.events.map((event) => event.seq), watched.more]).toEqual([[10, 11], false]);
  listener.lost?.();
  expect([watched.isCurrent, watched.events.length]).toEqual([false, 2]);
});

test("a host that leaves the page watches no longer", () => {
  watched.hostDisconnected();
  expect(closed).toHaveBeenCalledOnce();
  expect([watched.events, watched.head, watched.isCurrent]).toEqual([[], undefined, false]);
});
