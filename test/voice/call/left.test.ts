/** Calls whose server died. */
import { expect, test } from "vitest";
import type { EndedCall, VoiceDesk } from "../../../server/conversation/voice-desk.ts";
import { OpenedCalls } from "../../../server/voice/opened-calls.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { NOTHING_AHEAD } from "../../../server/voice/ports.ts";
import { approvalsByButton } from "../../../server/voice/spoken-approvals.ts";
import { VoiceCalls } from "../../../server/voice/voice-calls.ts";

test("a call that a dead server left is ended by the next one, once, and its id is never another's", async () => {
  const clock = new ManualClock();
  const documents = createMemoryDocuments();
  const before = new OpenedCalls({ documents, clock });
  for (let number = 0; number < 120; number++) await before.begun(`call-${String(number).padStart(4, "0")}`, `conversation-${number}`);
  await before.over("call-0007", "conversation-7");
  clock.forward(60_000);

  const ended: [string, EndedCall][] = [];
  const journal = { ended: async (conversationId: string, call: EndedCall) => void ended.push([conversationId, call]) };
  const opened = new OpenedCalls({ documents, clock });
  const unused = async (): Promise<never> => Promise.reject(new Error("unused"));
  const calls = new VoiceCalls({
    desk: { canListen: unused, send: unused, stop: unused, decide: unused },
    journal: journal as unknown as VoiceDesk,
    assistants: { find: () => undefined },
    speech: unused,
    countMessage: unused,
    ahead: NOTHING_AHEAD,
    approvals: approvalsByButton,
    opened,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    isStopping: () => false,
  });
  await calls.endLeft();
  expect(ended).toHaveLength(119);
  expect(ended[0]).toEqual([
    "conversation-0",
    { voiceCallId: "call-0000", reason: "stopping", durationMs: 60_000, cause: "The server ended without a word." },
  ]);
  await calls.endLeft();
  expect(ended).toHaveLength(119);
  await expect(opened.begun("call-0000", "conversation-new")).rejects.toMatchObject({ code: "call-over" });
  clock.forward(25 * 60 * 60_000);
  await opened.begun("call-0000", "conversation-new");
});
