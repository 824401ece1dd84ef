import { expect, onTestFinished, test } from "vitest";
import type { EventOf } from "../../protocol/events.ts";
import { Desk } from "../../server/conversation/desk.ts";
import type { ToolPermission } from "../../server/conversation/ports/assistant.ts";
import type { StaffDecision, StaffMember } from "../../server/conversation/staff-desk.ts";
import { argumentsHash } from "../../server/conversation/turn/admission.ts";
import { needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { code, decision, heard, written } from "../support/desk-waits.ts";

const schema = {
  type: "object",
  properties: { orderId: { type: "string", title: "Order" }, amount: { type: "integer" } },
  required: ["orderId", "amount"],
};
const KIM: StaffMember = { kind: "person", id: "kim", name: "Kim" };
const ADA: StaffMember = { kind: "person", id: "ada", name: "Ada" };
const BO: StaffMember = { kind: "person", id: "bo", name: "Bo" };
const staff = { ...needsApproval, approver: "staff" } as const satisfies ToolPermission;
const two = { ...staff, people: 2 } as const satisfies ToolPermission;

interface Stage {
  readonly harness: Harness;
  readonly asked: EventOf<"approval-requested">;
  readonly ran: Readonly<Record<string, unknown>>[];
  readonly decide: (by: StaffMember, change?: Partial<StaffDecision>) => ReturnType<Harness["staff"]["decideApproval"]>;
}

/** A refund of 50 that waits. */
async function waits(permission: ToolPermission, options: Partial<HarnessOptions> = {}): Promise<Stage> {
  const ran: Readonly<Record<string, unknown>>[] = [];
  const harness = await openDesk({
    script: (request) =>
      request.messages.at(-1)?.role === "tool"
        ? say("Noted.")
        : callTools({ name: "orders__refund", arguments: { orderId: "1042", amount: 50 } }),
    tools: [{ tool: "refund", schema, run: (input) => (ran.push(input), textResult("refunded")) }],
    permissions: { refund: permission },
    ...options,
  });
  await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund 1042" });
  const asked = await heard(harness, "approval-requested");
  const decide: Stage["decide"] = (by, change = {}) => {
    const { conversationId: _conversation, ...rest } = decision(asked);
    return harness.staff.decideApproval(by, { ...rest, ...change });
  };
  return { harness, asked, ran, decide };
}

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
    text: expect.stringContaining("It was refunded in May."),
  });
  expect(ran).toEqual([]);
});

test("where two have to approve, one person cannot give both, a program none, and the second one starts the call", async () => {
  const { harness, decide, ran, asked } = await waits(two);
  expect(asked.people).toBe(2);
  await expect(decide({ kind: "key", id: "key-1", name: "Robot" })).rejects.toEqual(code("not-approver"));
  expect(await decide(KIM)).toMatchObject({ decided: false });
  await expect(decide(KIM)).rejects.toEqual(code("second-person-needed"));
  expect(ran).toEqual([]);
  expect(await decide(ADA)).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
  expect((await written(harness, "approval-given")).map(({ by }) => by.id)).toEqual(["kim"]);
});

test("two who approve in the same moment see each other: one gives, the other decides", async () => {
  const { harness, decide, ran } = await waits(two);
  const both = await Promise.all([decide(KIM), decide(ADA)]);
  expect(both.filter(({ decided }) => decided)).toHaveLength(1);
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("what the first of two edited is what the second one is asked about; another edit needs another pair of eyes", async () => {
  const { harness, decide, ran, asked } = await waits(two);
  const first = { orderId: "1042", amount: 30 };
  const second = { orderId: "1042", amount: 20 };
  await decide(KIM, { arguments: first });
  // Ada still sees what was asked for at first.
  await expect(decide(ADA)).rejects.toEqual(code("approval-changed"));
  expect(await decide(ADA, { argumentsHash: argumentsHash(first), arguments: second })).toMatchObject({ decided: false });
  await expect(decide(ADA, { argumentsHash: argumentsHash(second) })).rejects.toEqual(code("second-person-needed"));
  await decide(KIM, { argumentsHash: argumentsHash(second) });
  await harness.turnsEnded(1);
  expect(ran).toEqual([second]);
  expect(asked.arguments).toEqual({ orderId: "1042", amount: 50 });
});

/** Who may decide, as a test changes it. */
function members(groups: readonly string[] = []): Map<string, readonly string[]> {
  return new Map(["kim", "ada", "bo"].map((id) => [id, groups]));
}

test.each([
  ["is disabled or has lost the role", (all: Map<string, readonly string[]>) => all.delete("kim")],
  ["has left the group", (all: Map<string, readonly string[]>) => all.set("kim", ["shipping"])],
])("the first of two does not count once they are not allowed: who %s", async (_what, change) => {
  const all = members(["billing"]);
  const { decide, ran, harness } = await waits({ ...two, approverGroups: ["billing"] }, { approvers: async (id) => all.get(id) });
  const groups = ["billing"];
  expect(await decide({ ...KIM, groups })).toMatchObject({ decided: false });
  change(all);
  expect(await decide({ ...ADA, groups })).toMatchObject({ decided: false });
  expect(ran).toEqual([]);
  expect(await decide({ ...BO, groups })).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("the first of two counts again once they are allowed again", async () => {
  const all = members();
  const { decide, ran, harness } = await waits(two, { approvers: async (id) => all.get(id) });
  await decide(KIM);
  all.delete("kim");
  expect(await decide(ADA)).toMatchObject({ decided: false });
  all.set("kim", []);
  expect(await decide(BO)).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toHaveLength(1);
});

test("one of two who is not allowed any more before the call starts: it asks again, and does not run by their word", async () => {
  const all = members();
  const stage = await waits(two, {
    approvers: async (id) => all.get(id),
    beforeAppend: async (events) => void (events.some(({ type }) => type === "approval-decided") && all.delete("kim")),
  });
  await stage.decide(KIM);
  await stage.decide(ADA);
  const again = await heard(stage.harness, "approval-requested", 2);
  expect(stage.ran).toEqual([]);
  expect(await stage.decide(ADA, { approvalId: again.approvalId })).toMatchObject({ decided: false });
  expect(await stage.decide(BO, { approvalId: again.approvalId })).toMatchObject({ decided: true });
  await stage.harness.turnsEnded(1);
  expect(stage.ran).toHaveLength(1);
});

test("any one of several rejects", async () => {
  const { harness, decide, ran } = await waits(two);
  await decide(KIM);
  await decide(ADA, { decision: "rejected" });
  await harness.turnsEnded(1);
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
