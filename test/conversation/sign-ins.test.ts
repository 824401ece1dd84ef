import { describe, expect, test } from "vitest";
import { alwaysAllow, disabled, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness } from "../support/desk-harness.ts";
import { callsOnce, textResult } from "../support/desk-scripts.ts";
import { code, decision, heard, rested, send, written } from "../support/desk-waits.ts";
import { LIST, NEED, PersonalShop, READ } from "./personal-shop.ts";

let desk: Harness;

describe("a call that needs the customer's sign-in", () => {
  test("asks for it, rests, and goes on by itself when it is done", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const asked = await heard(desk, "connection-requested");
    expect(asked).toMatchObject({ server: "orders", serverName: "Orders", scopes: ["orders:read"], reason: "first" });
    await rested(desk);
    expect(shop.ran).toEqual([]);
    expect(await desk.desk.startConnection(CUSTOMER, { conversationId: CONVERSATION, requestId: asked.requestId })).toEqual({
      url: "https://sign-in.example/?state=1",
      proof: "proof-1",
    });
    expect(shop.begun).toEqual([
      expect.objectContaining({
        customerId: CUSTOMER.id,
        conversationId: CONVERSATION,
        requestId: asked.requestId,
        server: "orders",
        scopes: ["orders:read"],
      }),
    ]);
    await shop.signIn(desk, asked.requestId);
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual(["read"]);
    expect((await written(desk, "step-ended")).at(-1)?.text).toBe("Read: order 1042");
    expect(await written(desk, "connection-decided")).toEqual([
      expect.objectContaining({ decision: "connected", by: { kind: "customer", id: CUSTOMER.id } }),
    ]);
  });

  test("is asked about before anybody approves it, and approved after", async () => {
    const shop = new PersonalShop();
    desk = await shop.open({}, needsApproval);
    await send(desk);
    const wanted = await heard(desk, "connection-requested");
    expect(await written(desk, "approval-requested")).toEqual([]);
    await shop.signIn(desk, wanted.requestId);
    const asked = await heard(desk, "approval-requested");
    expect(shop.ran).toEqual([]);
    await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual(["read"]);
  });

  test("is not asked about when it is disabled or its arguments are wrong", async () => {
    const shop = new PersonalShop();
    desk = await shop.open({}, disabled);
    await send(desk);
    await desk.turnsEnded(1);
    expect(await written(desk, "connection-requested")).toEqual([]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ refusal: "disabled" })]);
  });

  test("is looked at anew after the sign-in: what was disabled meanwhile does not run", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const asked = await heard(desk, "connection-requested");
    desk.configure({ connectors: [{ server: "orders", permissions: { "*": disabled } }] });
    await shop.signIn(desk, asked.requestId);
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual([]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "refused", refusal: "disabled" })]);
  });

  test("and only stood for its server's tools is done with the sign-in, whether it is still there or not", async () => {
    const shop = new PersonalShop();
    const connect = { tool: "connect", reference: { source: "host" } as const, needsConnection: () => NEED, run: () => textResult("") };
    desk = await shop.open({ script: callsOnce({ name: "orders__connect", arguments: {} }), tools: [connect] });
    await send(desk);
    const asked = await heard(desk, "connection-requested");
    desk.setTools([{ tool: "read", run: () => textResult("") }]);
    await shop.signIn(desk, asked.requestId);
    await desk.turnsEnded(1);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok" })]);
    expect(desk.requests.at(-1)?.tools.map((tool) => tool.name)).toContain("orders__read");
  });

  test("does not run as another tool of the same name that the server offers after the sign-in", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const asked = await heard(desk, "connection-requested");
    desk.setTools([{ tool: "read", description: "Deletes everything", run: () => (shop.ran.push("deleted"), textResult("gone")) }]);
    await shop.signIn(desk, asked.requestId);
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual([]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ refusal: "definition-changed" })]);
  });

  test("is refused when the customer skips it, and the model is told", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    await desk.desk.decide(CUSTOMER, "connection-decide", { conversationId: CONVERSATION, requestId, decision: "skipped" });
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual([]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "refused", refusal: "not-connected" })]);
    expect((await written(desk, "step-ended")).at(-1)?.text).toContain("chose not to sign in");
  });

  test("expires, and a sign-in that is done after that changes nothing", async () => {
    const shop = new PersonalShop();
    desk = await shop.open({ assistant: { approvalTimeoutMs: 600_000 } });
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    desk.clock.forward(700_000);
    await expect(desk.desk.startConnection(CUSTOMER, { conversationId: CONVERSATION, requestId })).rejects.toEqual(code("request-over"));
    await desk.turnsEnded(1);
    expect(await written(desk, "connection-decided")).toEqual([
      expect.objectContaining({ decision: "expired", by: { kind: "system", id: "frontdesk" } }),
    ]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ refusal: "not-connected" })]);
    const before = (await desk.journal()).length;
    await shop.signIn(desk, requestId);
    expect(await desk.journal()).toHaveLength(before);
  });

  test("is asked again when the server refuses the sign-in in the call itself, which did nothing", async () => {
    const shop = new PersonalShop();
    shop.signedIn = true;
    shop.answer = () => ({ outcome: "needs-connection", need: { ...NEED, reason: "expired" } });
    desk = await shop.open();
    await send(desk);
    const asked = await heard(desk, "connection-requested");
    expect(asked.reason).toBe("expired");
    await rested(desk);
    shop.answer = () => textResult("order 1042");
    await shop.signIn(desk, asked.requestId);
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual(["read", "read"]);
    expect((await written(desk, "tool-call-started")).map((event) => event.attempt)).toEqual([1, 2]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok" })]);
  });

  test("fails when the server refuses every sign-in, after three of them", async () => {
    const shop = new PersonalShop();
    shop.signedIn = true;
    shop.answer = () => ({ outcome: "needs-connection", need: NEED });
    desk = await shop.open();
    await send(desk);
    for (const count of [1, 2, 3]) await shop.signIn(desk, (await heard(desk, "connection-requested", count)).requestId);
    await desk.turnsEnded(1);
    expect(await written(desk, "connection-requested")).toHaveLength(3);
    expect(await written(desk, "tool-call-ended")).toEqual([
      expect.objectContaining({ outcome: "failed", cause: expect.stringContaining("3") }),
    ]);
  });

  test("is withdrawn by Stop", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { turnId, requestId } = await heard(desk, "connection-requested");
    await rested(desk);
    await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
    await desk.turnsEnded(1);
    expect(await written(desk, "connection-decided")).toEqual([expect.objectContaining({ decision: "withdrawn" })]);
    expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "stopped" })]);
    await expect(
      desk.desk.decide(CUSTOMER, "connection-decide", { conversationId: CONVERSATION, requestId, decision: "skipped" }),
    ).rejects.toEqual(code("request-over"));
    await shop.signIn(desk, requestId);
    expect(shop.ran).toEqual([]);
  });

  test("is still asked after a restart, and goes on there", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    desk = await desk.crash();
    await shop.signIn(desk, requestId);
    await desk.turnsEnded(1);
    expect(shop.ran).toEqual(["read"]);
  });

  test("waits while another message comes, which is answered after it", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    await send(desk, "And this?", "message-two");
    await rested(desk);
    expect(await written(desk, "turn-started")).toHaveLength(1);
    await shop.signIn(desk, requestId);
    await desk.turnsEnded(2);
    expect(shop.ran).toEqual(["read", "read"]);
  });
});

describe("several calls that wait for the same sign-in", () => {
  test("go on with one", async () => {
    const shop = new PersonalShop();
    desk = await shop.open({ script: callsOnce(READ, LIST) });
    await send(desk);
    const second = await heard(desk, "connection-requested", 2);
    await shop.signIn(desk, second.requestId);
    await desk.turnsEnded(1);
    expect(shop.ran.toSorted()).toEqual(["list", "read"]);
    expect((await written(desk, "connection-decided")).map((event) => event.decision)).toEqual(["connected", "connected"]);
  });

  test("are all refused when it is skipped", async () => {
    const shop = new PersonalShop();
    desk = await shop.open({ script: callsOnce(READ, LIST) });
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested", 2);
    await desk.desk.decide(CUSTOMER, "connection-decide", { conversationId: CONVERSATION, requestId, decision: "skipped" });
    await desk.turnsEnded(1);
    expect((await written(desk, "tool-call-ended")).map((event) => event.refusal)).toEqual(["not-connected", "not-connected"]);
  });

  test("at another server wait on", async () => {
    const shop = new PersonalShop();
    const other = { name: "bank__read", arguments: {} };
    desk = await shop.open({
      script: callsOnce(READ, other),
      tools: [
        { tool: "read", needsConnection: () => (shop.signedIn ? undefined : NEED), run: () => textResult("orders") },
        { tool: "read", server: "bank", needsConnection: () => ({ ...NEED, server: "bank" }), run: () => textResult("bank") },
      ],
      assistant: { connectors: ["orders", "bank"].map((server) => ({ server, permissions: { "*": alwaysAllow } })) },
    });
    await send(desk);
    await heard(desk, "connection-requested", 2);
    const [first] = (await written(desk, "connection-requested")).filter((event) => event.server === "orders");
    await shop.signIn(desk, first!.requestId);
    await heard(desk, "tool-call-ended");
    await rested(desk);
    expect(await written(desk, "connection-decided")).toHaveLength(1);
    expect(await written(desk, "turn-ended")).toEqual([]);
  });
});
