import { expect, onTestFinished, test } from "vitest";
import { approvalsRoutes } from "../../../server/http/api/routes/approvals-routes.ts";
import { conversationsRoutes } from "../../../server/http/api/routes/conversations-routes.ts";
import { SqliteConversationList } from "../../../server/store/sqlite/conversation-list.ts";
import type { OpenedStore } from "../../../server/store/opened-store.ts";
import { needsApproval } from "../../support/desk-assistant.ts";
import { CONVERSATION, type Harness, openHarness } from "../../support/desk-harness.ts";
import { callTools, say, textResult } from "../../support/desk-scripts.ts";
import { type Answer, startApi } from "./api-harness.ts";

const support = { headers: { Authorization: "Bearer support" } };

const THOUGHT = {
  type: "thoughts",
  thoughts: { of: "x", value: { members: { reasoning_content: "never to be read" }, signature: "sig" } },
} as const;

/** A conversation in which a refund waits for staff. */
async function waiting(approver: "staff" | "customer" | "either", showsThoughts = false) {
  const ran: unknown[] = [];
  const harness: Harness = await openHarness({
    script: (request) =>
      request.messages.at(-1)?.role === "tool"
        ? say("Done.")
        : [THOUGHT, ...callTools({ name: "orders__refund", arguments: { order: "1042" } })],
    tools: [{ tool: "refund", run: (input) => (ran.push(input), textResult("refunded")) }],
    assistant: { connectors: [{ server: "orders", permissions: { refund: { ...needsApproval, approver } } }] },
  });
  onTestFinished(() => harness.close());
  const { conversations, documents, inbox, waitingApprovals } = harness.store as OpenedStore;
  expect(conversations).toBeInstanceOf(SqliteConversationList);
  await harness.desk.send(
    { id: "customer-one", assistant: "shop", sessionId: "session-one" },
    { conversationId: CONVERSATION, messageId: "message-one", text: "Refund" },
  );
  await harness.room.until(({ journal }) => journal.some(({ type }) => type === "approval-requested"));
  const asked = harness.room.journal.find((event) => event.type === "approval-requested");
  if (asked?.type !== "approval-requested") throw new Error("Nobody was asked.");
  const api = await startApi([
    ...conversationsRoutes({
      conversations,
      inbox,
      journal: harness.store,
      desk: harness.staff,
      facts: async () => undefined,
      showsThoughts: () => showsThoughts,
      clock: harness.clock,
      found: { find: async () => ({ items: [] }) },
      searchStanding: async () => ({ waiting: 0 }),
    }),
    ...approvalsRoutes({
      approvals: waitingApprovals,
      journal: harness.store,
      desk: harness.staff,
      clock: harness.clock,
      facts: async () => undefined,
      showsThoughts: () => showsThoughts,
    }),
  ]);
  const decide = (body: object) =>
    api.fetch("POST", `/approvals/${asked.approvalId}/decision`, {
      ...support,
      body: { argumentsHash: asked.argumentsHash, decision: "approved", ...body },
    });
  return { harness, api, asked, ran, decide, documents };
}

test("support sees what waits for them, reads the conversation, and decides", async () => {
  const { harness, api, asked, ran, decide, documents } = await waiting("staff");
  const list = await api.fetch("GET", "/conversations?waiting=true&assistant=shop", support);
  expect(list.json["items"]).toMatchObject([{ id: CONVERSATION, customer: "customer-one", waitingApprovals: 1 }]);
  expect((await api.fetch("GET", `/conversations/${CONVERSATION}`, support)).json).toMatchObject({ assistant: "shop" });
  const events = await api.fetch("GET", `/conversations/${CONVERSATION}/events`, support);
  // What the model thought is in the journal, for its server alone.
  expect(JSON.stringify(await harness.journal())).toContain("never to be read");
  expect(events.text).not.toContain("never to be read");
  expect((events.json["items"] as { type: string }[]).find(({ type }) => type === "approval-requested")).toMatchObject({
    approvalId: asked.approvalId,
    arguments: { order: "1042" },
  });

  const theirs = await api.fetch("GET", `/conversations/${CONVERSATION}/events?view=customer&limit=1000`, support);
  const seen = theirs.json["items"] as { seq: number; type: string }[];
  expect(seen.map(({ seq }) => seq)).toEqual((events.json["items"] as { seq: number }[]).map(({ seq }) => seq));
  // What the model was and cost, and the hash of the tool's definition, are the staff's.
  for (const name of ["durationMs", "definitionHash", "modelCallId"]) expect([name, theirs.text.includes(name)]).toEqual([name, false]);
  expect(events.text).toContain("definitionHash");
  expect((await api.fetch("GET", `/conversations/${CONVERSATION}/events?view=owner`, support)).status).toBe(422);
  const before = await api.fetch("GET", `/conversations/${CONVERSATION}/events?before=4&limit=2`, support);
  expect((before.json["items"] as { seq: number }[]).map(({ seq }) => seq)).toEqual([2, 3]);

  expect((await decide({ argumentsHash: "of something else" })).json["code"]).toBe("approval-changed");
  expect((await decide({})).status).toBe(200);
  expect((await decide({})).json["code"]).toBe("already-decided");
  await harness.turnsEnded(1);
  expect(ran).toEqual([{ order: "1042" }]);
  const decided = (await harness.journal()).find(({ type }) => type === "approval-decided");
  expect(decided).toMatchObject({ by: { kind: "staff", id: "support", name: "support" }, decision: "approved" });
  const result = await api.fetch("GET", `/conversations/${CONVERSATION}/calls/${asked.callId}/result`, support);
  expect(result.json).toEqual({ content: [{ kind: "text", text: "refunded" }] });
  expect((await api.fetch("GET", "/conversations?waiting=true", support)).json).toEqual({ items: [] });
  expect(await documents.listAudit({ limit: 10, filter: {} })).toMatchObject([
    { by: { kind: "key", name: "support" }, action: "approval.decide", target: { id: asked.approvalId }, after: { decision: "approved" } },
  ]);

  // While it is erased its rows are there for a while, and it is nobody's.
  await (harness.store as OpenedStore).customerData.beginErasing([CONVERSATION], harness.clock.now());
  for (const path of ["", "/events", `/calls/${asked.callId}/result`])
    expect((await api.fetch("GET", `/conversations/${CONVERSATION}${path}`, support)).status).toBe(404);
  expect((await api.fetch("GET", "/conversations", support)).json).toEqual({ items: [] });
});

test("the list of what waits has all that the decision needs, and is empty when it is taken", async () => {
  const { api, asked, harness } = await waiting("staff");
  const list = async (query = "") => (await api.fetch("GET", `/approvals${query}`, support)).json;
  const [item] = (await list("?approver=staff&assistant=shop"))["items"] as Record<string, unknown>[];
  expect(item).toEqual({
    approvalId: asked.approvalId,
    conversationId: CONVERSATION,
    assistant: "shop",
    customer: "customer-one",
    preview: false,
    callId: asked.callId,
    server: "orders",
    serverName: "Orders",
    tool: "refund",
    title: "refund",
    people: 1,
    given: [],
    fields: [{ name: "order", title: "Order", value: "1042" }],
    mayDecide: true,
    risks: ["writes"],
    arguments: { order: "1042" },
    argumentsHash: asked.argumentsHash,
    approver: "staff",
    rememberable: false,
    requestedAt: asked.at,
    expiresAt: asked.expiresAt,
  });
  for (const query of ["?approver=customer", "?assistant=help"]) expect(await list(query)).toEqual({ items: [] });
  const decision = { decision: "rejected", argumentsHash: item?.["argumentsHash"] };
  expect((await api.fetch("POST", `/approvals/${String(item?.["approvalId"])}/decision`, { ...support, body: decision })).status).toBe(200);
  expect(await list()).toEqual({ items: [] });
  await harness.turnsEnded(1);
});

test("the list of what waits is read page by page, without gaps", async () => {
  const { api, harness, asked } = await waiting("either");
  for (const conversationId of ["conversation-two", "conversation-three"]) {
    const message = { conversationId, messageId: `message-of-${conversationId}`, text: "Refund" };
    await harness.desk.send({ id: "customer-one", assistant: "shop", sessionId: "session-one" }, message);
    await harness.room.until(({ journal }) => journal.filter(({ type }) => type === "approval-requested").length > 1);
  }
  await harness.room.until(({ journal }) => journal.filter(({ type }) => type === "approval-requested").length === 3);
  const found: unknown[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const page: Answer = await api.fetch("GET", `/approvals?limit=1${next === "" ? "" : `&cursor=${next}`}`, support);
    found.push(...(page.json["items"] as { approvalId: string }[]).map(({ approvalId }) => approvalId));
    next = page.json["next"] as string | undefined;
  }
  expect(found).toHaveLength(3);
  expect(found[0]).toBe(asked.approvalId);
  expect(new Set(found).size).toBe(3);
});

test("what is the customer's to decide is not the staff's", async () => {
  const { decide, ran, api } = await waiting("customer");
  const refused = await decide({});
  expect([refused.status, refused.json["code"]]).toEqual([403, "not-approver"]);
  expect(
    (await api.fetch("POST", "/approvals/approval-none/decision", { ...support, body: { decision: "approved", argumentsHash: "x" } }))
      .status,
  ).toBe(404);
  expect(ran).toEqual([]);
});

test("the journal is read backwards, page by page, without gaps", async () => {
  const { harness, api, decide } = await waiting("staff");
  await decide({ decision: "rejected", reason: "Not in this case." });
  await harness.turnsEnded(1);
  const seqs: number[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const query: string = next === "" ? "?limit=3" : `?limit=3&cursor=${next}`;
    const answer: Answer = await api.fetch("GET", `/conversations/${CONVERSATION}/events${query}`, support);
    seqs.unshift(...(answer.json["items"] as { seq: number }[]).map(({ seq }) => seq));
    next = answer.json["next"] as string | undefined;
  }
  expect(seqs).toEqual((await harness.journal()).map(({ seq }) => seq));
  for (const path of ["/conversations/none", "/conversations/none/events", `/conversations/${CONVERSATION}/calls/none/result`])
    expect((await api.fetch("GET", path, support)).status).toBe(404);
  const list = await api.fetch("GET", "/conversations?limit=1", support);
  expect(list.json["next"]).toBeUndefined();
});

test("staff read the words of what a model thought where the assistant's owner lets them, and nothing else of it", async () => {
  const { api } = await waiting("staff", true);
  const events = await api.fetch("GET", `/conversations/${CONVERSATION}/events`, support);
  const steps = (events.json["items"] as { type: string }[]).filter(({ type }) => type === "step-ended");
  expect(steps).toMatchObject([{ thoughtsText: "never to be read" }]);
  expect(steps[0]).not.toHaveProperty("thoughts");
  expect(events.text).not.toContain('"sig"');
});
