import { describe, expect, test } from "vitest";
import type { EventOf } from "../../protocol/events.ts";
import { argumentsHash, resume } from "../../server/conversation/turn/admission.ts";
import { proposedCall } from "../../server/conversation/turn/call-state.ts";
import type { OpenTurn } from "../../server/conversation/turn/turn-state.ts";
import { alwaysAllow, assistant, disabled, needsApproval } from "../support/desk-assistant.ts";
import { DeskClock } from "../support/desk-clock.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk, OTHER_CUSTOMER } from "../support/desk-harness.ts";
import { callTools, say, scriptedTool, textResult } from "../support/desk-scripts.ts";
import { code, decision, heard } from "../support/desk-waits.ts";

const schema = {
  type: "object",
  properties: { orderId: { type: "string", title: "Order" }, amount: { type: "integer" } },
  required: ["orderId", "amount"],
};
const REFUND = { name: "orders__refund", arguments: { orderId: "1042", amount: 500 } };

let harness: Harness;
let ran: Readonly<Record<string, unknown>>[] = [];

async function askForRefund(change: HarnessOptions["assistant"] = {}): Promise<EventOf<"approval-requested">> {
  ran = [];
  harness = await openDesk({
    script: (request) => (request.messages.at(-1)?.role === "tool" ? say("Noted.") : callTools(REFUND)),
    tools: [{ tool: "refund", schema, run: (input) => (ran.push(input), textResult("refunded")) }],
    assistant: { connectors: [{ server: "orders", permissions: { refund: needsApproval } }], ...change },
  });
  await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund 1042" });
  return heard(harness, "approval-requested");
}

describe("an approval that was never given", () => {
  test("an invented id is unknown", async () => {
    const asked = await askForRefund();
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { approvalId: "invented-approval" }))).rejects.toEqual(
      code("unknown-approval"),
    );
    expect(ran).toEqual([]);
  });

  test("another customer's approval is out of reach, from their conversation and from one's own", async () => {
    const asked = await askForRefund();
    await expect(harness.desk.decide(OTHER_CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("unknown-conversation"));
    await harness.desk.send(OTHER_CUSTOMER, { conversationId: "conversation-two", messageId: "message-2", text: "Refund 1042" });
    await heard(harness, "approval-requested", 2);
    await expect(
      harness.desk.decide(OTHER_CUSTOMER, "approval-decide", decision(asked, { conversationId: "conversation-two" })),
    ).rejects.toEqual(code("unknown-approval"));
    expect(ran).toEqual([]);
  });

  test("changed arguments are refused, and the call still waits", async () => {
    const asked = await askForRefund();
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { argumentsHash: "0".repeat(64) }))).rejects.toEqual(
      code("approval-changed"),
    );
    expect(ran).toEqual([]);
    expect((await harness.store.findApproval(asked.approvalId))?.status).toBe("waiting");
  });

  test("a decision is good once: a replay and a second opinion come second", async () => {
    const asked = await askForRefund();
    const both = await Promise.allSettled([
      harness.desk.decide(CUSTOMER, "approval-decide", decision(asked)),
      harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { decision: "rejected" })),
    ]);
    expect(both.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await harness.turnsEnded(1);
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("already-decided"));
    expect(ran.length).toBeLessThanOrEqual(1);
  });

  test("an expired one is refused, shown as such, and reported to the model", async () => {
    const asked = await askForRefund({ approvalTimeoutMs: 60_000 });
    harness.clock.forward(60_000);
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("approval-expired"));
    await harness.turnsEnded(1);
    const journal = await harness.journal();
    expect(journal.find((event) => event.type === "approval-decided")).toMatchObject({ decision: "expired" });
    expect(journal.find((event) => event.type === "tool-call-ended")).toMatchObject({ outcome: "refused", refusal: "expired" });
    expect(ran).toEqual([]);
  });

  test("the staff's approval is not the customer's to give, nor the other way round", async () => {
    const permission = { ...needsApproval, approver: "staff" } as const;
    const asked = await askForRefund({ connectors: [{ server: "orders", permissions: { refund: permission } }] });
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("not-approver"));
    await harness.staff.decideApproval({ kind: "person", id: "staff-1", name: "Kim" }, decision(asked));
    await harness.turnsEnded(1);
    expect(ran).toHaveLength(1);
  });
});

describe("a forged approval of a call that the model proposed", () => {
  test("arguments that violate the schema are refused before anybody is asked", async () => {
    harness = await openDesk({
      script: (request) =>
        request.messages.at(-1)?.role === "tool" ? say("No.") : callTools({ name: "orders__refund", arguments: { orderId: "1042" } }),
      tools: [{ tool: "refund", schema, run: (input) => (ran.push(input), textResult("refunded")) }],
    });
    ran = [];
    const journal = await harness.ask("Refund");
    expect(journal.some((event) => event.type === "approval-requested")).toBe(false);
    expect(journal.find((event) => event.type === "tool-call-ended")).toMatchObject({ refusal: "invalid-arguments" });
    expect(ran).toEqual([]);
  });

  test("a tool that the policy now denies does not run, though it was approved", async () => {
    const asked = await askForRefund();
    harness.configure({ connectors: [{ server: "orders", permissions: { refund: disabled } }] });
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await harness.turnsEnded(1);
    expect((await harness.journal()).find((event) => event.type === "tool-call-ended")).toMatchObject({ refusal: "disabled" });
    expect(ran).toEqual([]);
  });

  test("a tool that changed after it was approved does not run", async () => {
    const asked = await askForRefund();
    harness.setTools([
      { tool: "refund", schema, description: "now refunds twice", run: (input) => (ran.push(input), textResult("refunded")) },
    ]);
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await harness.turnsEnded(1);
    expect((await harness.journal()).find((event) => event.type === "tool-call-ended")).toMatchObject({ refusal: "definition-changed" });
    expect(ran).toEqual([]);
  });

  test("a tool whose server is away when the approval comes does not run, and the model is told why", async () => {
    const asked = await askForRefund();
    harness.setTools([], [{ server: "orders", serverName: "Orders", cause: "refused" }]);
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await harness.turnsEnded(1);
    const ended = (await harness.journal()).find((event) => event.type === "tool-call-ended");
    expect(ended).toMatchObject({ outcome: "refused", text: expect.stringContaining("Orders cannot be reached") as string });
    expect(ran).toEqual([]);
  });

  test("a tool that never asks has no approval to forge", async () => {
    ran = [];
    harness = await openDesk({
      script: (request) => (request.messages.at(-1)?.role === "tool" ? say("Done.") : callTools(REFUND)),
      tools: [{ tool: "refund", schema, run: (input) => (ran.push(input), textResult("refunded")) }],
      permissions: { refund: alwaysAllow },
    });
    const journal = await harness.ask("Refund");
    const call = journal.find((event) => event.type === "tool-call-started");
    const forged = {
      conversationId: CONVERSATION,
      approvalId: call?.type === "tool-call-started" ? call.callId : "",
      decision: "approved",
    } as const;
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", { ...forged, argumentsHash: "x", scope: "once" })).rejects.toEqual(
      code("unknown-approval"),
    );
    expect(ran).toHaveLength(1);
  });

  test("an approval cannot be written into the journal a second time, nor used twice", async () => {
    const asked = await askForRefund();
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await harness.turnsEnded(1);
    const { approvalId, callId, turnId } = asked;
    const by = { kind: "customer", id: CUSTOMER.id } as const;
    const again = { type: "approval-decided", approvalId, callId, turnId, decision: "approved", scope: "once", by } as const;
    const start = { type: "tool-call-started", approvalId, callId, turnId, attempt: 2 } as const;
    for (const event of [again, start])
      await expect(harness.store.append({ conversationId: CONVERSATION, events: [event], at: 1 })).rejects.toThrow("Approval");
    expect(ran).toHaveLength(1);
  });
});

describe("approve for this conversation", () => {
  const rememberable = { connectors: [{ server: "orders", permissions: { refund: { ...needsApproval, rememberable: true } } }] };

  test("asks no second time while the tool stays as it was", async () => {
    const asked = await askForRefund(rememberable);
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { scope: "conversation" }));
    await harness.turnsEnded(1);
    await harness.ask("And again");
    expect(ran).toHaveLength(2);
    harness.setTools([{ tool: "refund", schema, description: "changed", run: (input) => (ran.push(input), textResult("refunded")) }]);
    await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-3", text: "And again" });
    await heard(harness, "approval-requested", 2);
    expect(ran).toHaveLength(2);
  });

  test("holds in its own conversation only", async () => {
    const asked = await askForRefund(rememberable);
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { scope: "conversation" }));
    await harness.turnsEnded(1);
    await harness.desk.send(CUSTOMER, { conversationId: "conversation-two", messageId: "message-2", text: "Refund" });
    await heard(harness, "approval-requested", 2);
    expect(ran).toHaveLength(1);
  });

  test("ends when the owner takes it back", async () => {
    const asked = await askForRefund(rememberable);
    await harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { scope: "conversation" }));
    await harness.turnsEnded(1);
    const permissions = { refund: needsApproval, other: { ...needsApproval, rememberable: true } };
    harness.configure({ connectors: [{ server: "orders", permissions }] });
    await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-2", text: "And again" });
    await heard(harness, "approval-requested", 2);
    expect(ran).toHaveLength(1);
  });

  test("is refused where the owner does not allow it", async () => {
    const asked = await askForRefund();
    await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked, { scope: "conversation" }))).rejects.toEqual(
      code("scope-refused"),
    );
    expect(ran).toEqual([]);
  });
});

test("Stop withdraws what waits: a late approval finds it decided", async () => {
  const asked = await askForRefund();
  await harness.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: asked.turnId });
  await harness.turnsEnded(1);
  await expect(harness.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("already-decided"));
  expect(ran).toEqual([]);
});

test("arguments that were changed by hand in a journal do not run under the old approval", async () => {
  const approved = { orderId: "1042", amount: 500 };
  const tool = scriptedTool({ tool: "refund", schema, run: () => textResult("refunded") });
  const proposed = {
    type: "tool-call-proposed",
    seq: 4,
    at: 0,
    turnId: "turn-0001",
    step: 0,
    callId: "call-0001",
    name: tool.name,
    tool: tool.reference,
  } as const;
  const approval: EventOf<"approval-requested"> = {
    type: "approval-requested",
    seq: 5,
    at: 0,
    turnId: "turn-0001",
    callId: "call-0001",
    approvalId: "approval-0001",
    approver: "customer",
    arguments: approved,
    fields: [],
    argumentsHash: argumentsHash(approved),
    definitionHash: tool.definitionHash,
    rememberable: false,
    expiresAt: 1,
  };
  const decided: EventOf<"approval-decided"> = {
    type: "approval-decided",
    seq: 6,
    at: 0,
    turnId: "turn-0001",
    callId: "call-0001",
    approvalId: "approval-0001",
    decision: "approved",
    scope: "once",
    by: { kind: "customer", id: CUSTOMER.id },
  };
  const turn = { turnId: "turn-0001", calls: new Map() } as unknown as OpenTurn;
  const context = {
    assistant: assistant(),
    turn,
    grants: [],
    readForeign: false,
    clock: new DeskClock(),
    approvers: async () => [],
    tool: () => tool,
    unavailable: new Set<string>(),
  };
  const resumed = (input: Record<string, unknown>) =>
    resume({ ...proposedCall({ ...proposed, arguments: input }), status: "approved", approval, decision: decided }, context);
  expect(await resumed(approved)).toMatchObject({ type: "tool-call-started", approvalId: "approval-0001" });
  expect(await resumed({ ...approved, amount: 50_000 })).toMatchObject({ type: "tool-call-ended", refusal: "definition-changed" });
});
