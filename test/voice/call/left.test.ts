/** Calls whose server died. */
import { expect, test } from "vitest";
import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import type { Customer } from "../../../server/conversation/customer-desk.ts";
import type { CutSpeech, EndedCall, VoiceDesk } from "../../../server/conversation/voice-desk.ts";
import { OpenedCalls } from "../../../server/voice/opened-calls.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { nothingAsked } from "./call-stage.ts";
import { VoiceCalls } from "../../../server/voice/voice-calls.ts";

interface Parts {
  readonly journal: VoiceDesk;
  readonly opened: OpenedCalls;
  readonly clock: ManualClock;
  /** Recordings that were ended. */
  readonly over?: string[];
  readonly events?: readonly JournalEvent[];
}

/** The calls of a server that has just begun. */
function nextServer({ journal, opened, clock, over = [], events = [] }: Parts): VoiceCalls {
  const unused = async (): Promise<never> => Promise.reject(new Error("unused"));
  return new VoiceCalls({
    desk: { canListen: unused, send: unused, decide: unused },
    journal,
    assistants: { find: () => undefined },
    speech: unused,
    countMessage: unused,
    activity: unused,
    approvals: nothingAsked,
    lastEvents: async () => events,
    opened,
    recordings: { begin: unused, append: unused, end: async ({ voiceCallId }) => void over.push(voiceCallId) },
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    isStopping: () => false,
  });
}

test("a call that a dead server left is ended by the next one, once, and its id is never another's", async () => {
  const clock = new ManualClock();
  const documents = createMemoryDocuments();
  const before = new OpenedCalls({ documents, clock });
  for (let number = 0; number < 120; number++)
    await before.begun(`call-${String(number).padStart(4, "0")}`, {
      conversationId: `conversation-${number}`,
      customerId: "customer-one",
      assistant: "shop",
    });
  await before.over("call-0007");
  clock.forward(60_000);

  const ended: [Customer, EndedCall][] = [];
  const over: string[] = [];
  const journal = { ended: async (customer: Customer, call: EndedCall) => void ended.push([customer, call]) };
  const opened = new OpenedCalls({ documents, clock });
  const calls = nextServer({ journal: journal as unknown as VoiceDesk, opened, clock, over });
  await calls.endLeft();
  expect(ended).toHaveLength(119);
  // Whatever was recorded of it is as long as it is.
  expect(over).toEqual(ended.map(([, { voiceCallId }]) => voiceCallId));
  expect(ended[0]).toEqual([
    { id: "customer-one", assistant: "shop", sessionId: "call-0000" },
    {
      conversationId: "conversation-0",
      voiceCallId: "call-0000",
      reason: "stopping",
      durationMs: 60_000,
      cause: "The server ended without a word.",
    },
  ]);
  await calls.endLeft();
  expect(ended).toHaveLength(119);
  expect(JSON.stringify(await documents.list("voice-call", { limit: 200, now: clock.now() }))).not.toContain("customer-one");
  const owner = { conversationId: "conversation-new", customerId: "customer-two", assistant: "shop" };
  await expect(opened.begun("call-0000", owner)).rejects.toMatchObject({ code: "call-over" });
  clock.forward(25 * 60 * 60_000);
  await opened.begun("call-0000", owner);
});

test("what a dead server was saying is cut: what nobody is known to have heard, the model does not take for heard", async () => {
  const clock = new ManualClock();
  const documents = createMemoryDocuments();
  const opened = new OpenedCalls({ documents, clock });
  await opened.begun("call-0001", { conversationId: "conversation-one", customerId: "customer-one", assistant: "shop" });
  const by = { kind: "customer", id: "customer-one" } as const;
  const step = (turnId: string, number: number, text: string): EventDraft => ({ type: "step-ended", turnId, step: number, text });
  const told = { voiceCallId: "call-0001", kind: "answer", turnId: "turn-0003" } as const;
  const drafts: EventDraft[] = [
    step("turn-0001", 0, "This was written before the call."),
    { type: "voice-call-started", voiceCallId: "call-0001", via: "page", by },
    step("turn-0002", 0, "```\nthis is not said\n```"),
    step("turn-0003", 0, "Let me look that up."),
    { type: "speech-heard", ...told, step: 0, text: "Let me look that up." },
    step("turn-0003", 1, "It is on its way."),
    { type: "speech-cut", ...told, step: 1, text: "It is", unheard: " on its way.", cutBy: "speech" },
    step("turn-0004", 0, "It comes tomorrow."),
    step("turn-0004", 1, ""),
    { type: "speech-heard", voiceCallId: "call-0001", kind: "filler", text: "One moment." },
    step("turn-0005", 0, "Is there anything else?"),
  ];
  const events = drafts.map((draft, index) => ({ ...draft, seq: index + 1, at: clock.now() }) as JournalEvent);
  clock.forward(60_000);
  const begins = clock.now();
  events.push({ seq: 12, at: begins, ...step("turn-0006", 0, "This is of the next server.") } as JournalEvent);

  const written: [string, object][] = [];
  const journal = {
    cut: async (_customer: Customer, { speechId: _id, ...cut }: CutSpeech) => void written.push(["cut", cut]),
    ended: async (_customer: Customer, { reason }: EndedCall) => void written.push(["ended", { reason }]),
  };
  await nextServer({ journal: journal as unknown as VoiceDesk, opened, clock, events }).endLeft(begins);
  const speech = { conversationId: "conversation-one", voiceCallId: "call-0001", kind: "answer", text: "", cutBy: "lost" };
  expect(written).toEqual([
    ["cut", { ...speech, turnId: "turn-0004", step: 0, unheard: "It comes tomorrow." }],
    ["cut", { ...speech, turnId: "turn-0005", step: 0, unheard: "Is there anything else?" }],
    ["ended", { reason: "stopping" }],
  ]);
});
