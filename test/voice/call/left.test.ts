/** Calls whose server died. */
import { expect, test } from "vitest";
import type { Customer } from "../../../server/conversation/customer-desk.ts";
import type { EndedCall, VoiceDesk } from "../../../server/conversation/voice-desk.ts";
import { OpenedCalls } from "../../../server/voice/opened-calls.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { nothingAsked } from "./call-stage.ts";
import { VoiceCalls } from "../../../server/voice/voice-calls.ts";

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
  const unused = async (): Promise<never> => Promise.reject(new Error("unused"));
  const calls = new VoiceCalls({
    desk: { canListen: unused, send: unused, decide: unused },
    journal: journal as unknown as VoiceDesk,
    assistants: { find: () => undefined },
    speech: unused,
    countMessage: unused,
    activity: unused,
    approvals: nothingAsked,
    lastEvents: unused,
    opened,
    recordings: { begin: unused, append: unused, end: async ({ voiceCallId }) => void over.push(voiceCallId) },
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    isStopping: () => false,
  });
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
