import { expect, onTestFinished, test } from "vitest";
import { Desk } from "../../server/conversation/desk.ts";
import { argumentsHash } from "../../server/conversation/turn/admission.ts";
import { needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER } from "../support/desk-harness.ts";
import { textResult } from "../support/desk-scripts.ts";
import { code, decision, heard, written } from "../support/desk-waits.ts";

import { ADA, KIM, schema, staff, waits } from "./refund-stage.ts";

test("a call that the staff edited runs with their arguments, and the journal, the customer and the model know of both", async () => {
  const { harness, asked, ran, decide } = await waits(staff);
  const edited = { orderId: "1042", amount: 30 };
  expect(await decide(KIM, { arguments: edited })).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toEqual([edited]);
  expect((await written(harness, "tool-call-proposed"))[0]?.arguments).toEqual({ orderId: "1042", amount: 50 });
  const [decided] = await written(harness, "approval-decided");
  expect(decided).toMatchObject({ arguments: edited, argumentsHash: argumentsHash(edited), by: { id: "kim" } });
  expect(decided?.fields).toEqual([
    { name: "orderId", title: "Order", value: "1042" },
    { name: "amount", title: "Amount", value: 30 },
  ]);
  const read = harness.requests.at(-1)?.messages.findLast((message) => message.role === "tool");
  expect(read?.role === "tool" && read.text).toContain('It ran with {"orderId":"1042","amount":30}');
  expect(read?.role === "tool" && read.text).toContain("refunded");
  expect(await harness.desk.readCall(CUSTOMER, { conversationId: CONVERSATION, callId: asked.callId })).toMatchObject({
    arguments: edited,
  });
});

test("an edit that does not fit the tool is refused with its place, and the call still waits", async () => {
  const { harness, ran, decide, asked } = await waits(staff);
  await expect(decide(KIM, { arguments: { orderId: "1042" } })).rejects.toMatchObject({
    name: "InvalidError",
    faults: [{ path: "/arguments", message: "Missing: amount." }],
  });
  expect((await harness.store.findApproval(asked.approvalId))?.status).toBe("waiting");
  expect(ran).toEqual([]);
});

test("an edit of a tool that has changed since is refused", async () => {
  const { harness, decide } = await waits(staff);
  harness.setTools([{ tool: "refund", schema, description: "now in dollars", run: () => textResult("refunded") }]);
  await expect(decide(KIM, { arguments: { orderId: "1042", amount: 30 } })).rejects.toEqual(code("approval-changed"));
});

test("arguments that are the same as asked for are no edit, and an edited approval is never for the conversation", async () => {
  const { harness, decide } = await waits({ ...staff, rememberable: true });
  const scope = "conversation" as const;
  await expect(decide(KIM, { scope, arguments: { orderId: "1042", amount: 30 } })).rejects.toEqual(code("scope-refused"));
  await decide(KIM, { scope, arguments: { amount: 50, orderId: "1042" } });
  await harness.turnsEnded(1);
  expect((await written(harness, "approval-decided"))[0]).not.toHaveProperty("arguments");
  expect(await harness.store.grants(CONVERSATION)).toHaveLength(1);
});

test("a rejection's reason is what the model reads", async () => {
  const { harness, decide, ran } = await waits(staff);
  await decide(KIM, { decision: "rejected", reason: "It was refunded in May." });
  await harness.turnsEnded(1);
  expect(harness.requests.at(-1)?.messages.at(-1)).toMatchObject({
    role: "tool",
    text: expect.stringMatching(/^Refused: a member of the team said no\. Their reason: It was refunded in May\./),
  });
  expect(ran).toEqual([]);
});

test("an edit over a limit needs whom the limit asks for", async () => {
  const over = { argument: "amount", is: ">", value: 100, approver: "staff", people: 2 } as const;
  const { harness, decide, ran } = await waits({ ...staff, when: [over] });
  const edited = { orderId: "1042", amount: 500 };
  expect(await decide(KIM, { arguments: edited })).toMatchObject({ decided: false });
  expect(await decide(ADA, { argumentsHash: argumentsHash(edited) })).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toEqual([edited]);
});

test("only members of the named groups decide", async () => {
  const { harness, decide, ran, asked } = await waits({ ...staff, approverGroups: ["billing"] });
  expect(asked.groups).toEqual(["billing"]);
  for (const groups of [[], ["shipping"]]) await expect(decide({ ...KIM, groups })).rejects.toEqual(code("not-approver"));
  await decide({ ...ADA, groups: ["billing"] });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("of many members who decide at once, with and without edits, exactly one is taken", async () => {
  const { harness, decide, ran } = await waits(staff);
  const members = Array.from({ length: 12 }, (_, index) => ({ ...KIM, id: `member-${index}` }));
  const all = await Promise.allSettled(
    members.map((member, index) =>
      decide(
        member,
        index % 3 === 0 ? { arguments: { orderId: "1042", amount: index + 1 } } : index % 3 === 1 ? { decision: "rejected" } : {},
      ),
    ),
  );
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of all) if (one.status === "rejected") expect(one.reason).toEqual(code("already-decided"));
  await harness.turnsEnded(1);
  expect(ran.length).toBeLessThanOrEqual(1);
  expect(await written(harness, "approval-decided")).toHaveLength(1);
});

test("a permission that changes while a call waits decides by the new one", async () => {
  const { harness, decide, ran, asked } = await waits(needsApproval);
  harness.configure({ connectors: [{ server: "orders", permissions: { refund: staff } }] });
  await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("not-approver"));
  await decide(KIM);
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("a permission that changes between the decision and the call asks again, and never runs by the old one", async () => {
  let changed = false;
  const stage = await waits(needsApproval, {
    beforeAppend: async (events) => {
      if (changed || !events.some(({ type }) => type === "approval-decided")) return;
      changed = true;
      stage.harness.configure({ connectors: [{ server: "orders", permissions: { refund: staff } }] });
    },
  });
  await stage.harness.desk.decide(CUSTOMER, "approval-decide", decision(stage.asked));
  const again = await heard(stage.harness, "approval-requested", 2);
  expect(again.approver).toBe("staff");
  expect(stage.ran).toEqual([]);
  await stage.decide(KIM, { approvalId: again.approvalId });
  await stage.harness.turnsEnded(1);
  expect(stage.ran).toHaveLength(1);
});

test("a decision of one process is not taken a second time by another over the same store", async () => {
  const { harness, decide, ran, asked } = await waits(staff);
  const other = new Desk(
    {
      store: harness.store,
      room: harness.room,
      clock: harness.clock,
      tools: { open: async () => ({ tools: [], unavailable: [] }), rest: () => {}, close: async () => {} },
      models: { of: () => Promise.reject(new Error("It is not asked.")) },
      assistants: { find: () => undefined },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      meter: { runStarted: () => {}, runEnded: () => {}, turnEnded: () => {}, stepEnded: () => {}, toolCalled: () => {} },
      signIns: { list: async () => [] } as never,
      approvers: async () => [],
    },
    { holder: "other", leaseMs: 30_000, pollMs: 1_000_000, page: { events: 1, bytes: 1 } },
  );
  onTestFinished(() => other.drain(0));
  const { conversationId: _conversation, ...rest } = decision(asked);
  const both = await Promise.allSettled([decide(KIM), other.staff.decideApproval(ADA, { ...rest, decision: "rejected" })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  await harness.turnsEnded(1);
  expect(ran.length).toBeLessThanOrEqual(1);
});

test("where the customer's time is over, the staff is asked, if the owner wants that, and decides whatever the permission says", async () => {
  const { harness, ran, asked } = await waits({ ...needsApproval, expires: "ask-staff" }, { assistant: { approvalTimeoutMs: 60_000 } });
  harness.clock.forward(60_000);
  const again = await heard(harness, "approval-requested", 2);
  expect(again).toMatchObject({ approver: "staff", escalated: true, arguments: asked.arguments, rememberable: false });
  expect((await written(harness, "approval-decided"))[0]).toMatchObject({ decision: "expired", approvalId: asked.approvalId });
  await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(again))).rejects.toEqual(code("not-approver"));
  const { conversationId: _conversation, ...rest } = decision(again);
  await harness.staff.decideApproval(KIM, rest);
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("where the staff's time is over too, the call is refused", async () => {
  const { harness, ran } = await waits({ ...needsApproval, expires: "ask-staff" }, { assistant: { approvalTimeoutMs: 60_000 } });
  harness.clock.forward(60_000);
  await heard(harness, "approval-requested", 2);
  harness.clock.forward(60_000);
  await harness.turnsEnded(1);
  expect((await written(harness, "tool-call-ended"))[0]).toMatchObject({ refusal: "expired" });
  expect(ran).toEqual([]);
});

test("what the server fills in by itself is not the staff's to edit, and stays what it was where they leave it out", async () => {
  const ran: Readonly<Record<string, unknown>>[] = [];
  const owned = {
    ...schema,
    properties: { ...schema.properties, customer: { type: "string" } },
    required: [...schema.required, "customer"],
  };
  const facts = { subject: "c-17", attributes: {} };
  const { harness, asked, decide } = await waits(staff, {
    tools: [{ tool: "refund", schema: owned, run: (input) => (ran.push(input), textResult("refunded")) }],
    assistant: { connectors: [{ server: "orders", permissions: { refund: staff }, bind: { customer: "sub" } }] },
    facts: async () => facts,
  });
  expect(asked.arguments).toMatchObject({ customer: "c-17" });
  await expect(decide(KIM, { arguments: { orderId: "1042", amount: 30, customer: "c-18" } })).rejects.toMatchObject({
    faults: [{ path: "/arguments/customer" }],
  });
  await decide(KIM, { arguments: { orderId: "1042", amount: 30 } });
  await harness.turnsEnded(1);
  expect(ran).toEqual([{ orderId: "1042", amount: 30, customer: "c-17" }]);
});
