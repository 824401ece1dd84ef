import { expect, test } from "vitest";
import { customerView } from "../../../server/conversation/customer-view.ts";
import { stripEvent } from "../../../server/customer-data/strip-event.ts";
import { ApprovalsAloud } from "../../../server/voice/approval/approvals-aloud.ts";
import { needsApproval } from "../../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, openDesk } from "../../support/desk-harness.ts";
import { callTools, say, textResult } from "../../support/desk-scripts.ts";
import { decision, heard, written } from "../../support/desk-waits.ts";
import { PHRASE, TestVoice } from "./call-stage.ts";

const schema = { type: "object", properties: { orderId: { type: "string", title: "Order" } }, required: ["orderId"] };
const permission = { ...needsApproval, spoken: "phrase" } as const;

interface Call {
  readonly harness: Harness;
  readonly voice: TestVoice;
  readonly ran: unknown[];
  /** The customer says it a second after the question. */
  says(text: string): boolean;
}

/** A refund waits in a conversation, and was read aloud in a call. */
async function calls(): Promise<Call> {
  const ran: unknown[] = [];
  const harness = await openDesk({
    script: (request) =>
      request.messages.at(-1)?.role === "tool" ? say("Noted.") : callTools({ name: "orders__refund", arguments: { orderId: "1042" } }),
    tools: [{ tool: "refund", schema, run: (input) => (ran.push(input), textResult("refunded")) }],
    permissions: { refund: permission },
  });
  const voice = new TestVoice();
  const { store, clock, desk } = harness;
  const approvals = new ApprovalsAloud(
    {
      clock,
      log: { info: () => {}, warn: () => {}, error: (fields: unknown, message: string) => console.error(message, fields) },
      voice,
      findCall: (conversationId, callId) => store.findCall(conversationId, callId),
      permission: () => permission,
      decide: (request, spoken) => desk.decide(CUSTOMER, "approval-decide", request, spoken),
    },
    { conversationId: CONVERSATION, voiceCallId: "voice-call-1" },
  );
  await desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund 1042" });
  await heard(harness, "approval-requested");
  approvals.accept(await harness.journal());
  await expect.poll(() => voice.last?.pieces[1]).toBe("Order: 1 0 4 2.");
  voice.begin();
  await voice.end(clock.now());
  return { harness, voice, ran, says: (text) => approvals.answer({ text, beganAt: clock.now() + 1_000, overVoice: false }) };
}

test("an approval by voice runs the call once; the journal keeps what was understood, for the staff alone", async () => {
  const { harness, ran, says } = await calls();
  says(PHRASE);
  says(PHRASE);
  await harness.turnsEnded(1);
  expect(ran).toEqual([{ orderId: "1042" }]);
  const [decided] = await written(harness, "approval-decided");
  expect(decided).toMatchObject({
    decision: "approved",
    scope: "once",
    by: { kind: "customer", id: CUSTOMER.id },
    spoken: { voiceCallId: "voice-call-1", transcript: PHRASE },
  });
  expect(customerView(decided!)).not.toHaveProperty("spoken");
  expect(stripEvent(decided!, "traces")).not.toHaveProperty("spoken");
  expect(stripEvent(decided!, "results")).toHaveProperty("spoken");
});

test("a refusal by voice runs nothing, and the model reads why", async () => {
  const { harness, ran, says } = await calls();
  says("No, only half of it.");
  await harness.turnsEnded(1);
  expect(ran).toEqual([]);
  expect(await written(harness, "approval-decided")).toMatchObject([{ decision: "rejected", reason: "No, only half of it." }]);
  expect(JSON.stringify(harness.requests.at(-1)?.messages)).toContain("No, only half of it.");
});

test("the button and the phrase in the same moment: one of them is taken, and the call runs once", async () => {
  const { harness, voice, ran, says } = await calls();
  const asked = await heard(harness, "approval-requested");
  says(PHRASE);
  await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked)).catch(() => {});
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
  expect(await written(harness, "approval-decided")).toHaveLength(1);
  await expect.poll(() => voice.told.at(-1)?.type).toBe("asked");
});
