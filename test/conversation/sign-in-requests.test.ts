import { describe, expect, test } from "vitest";
import { CONVERSATION, CUSTOMER, type Harness, OTHER_CUSTOMER } from "../support/desk-harness.ts";
import { code, heard, send, written } from "../support/desk-waits.ts";
import { PersonalShop } from "./personal-shop.ts";

let desk: Harness;

describe("a request to sign in", () => {
  test("is decided once, whoever decides at once", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    const request = { conversationId: CONVERSATION, requestId, decision: "skipped" } as const;
    const skips = Array.from({ length: 5 }, () => desk.desk.decide(CUSTOMER, "connection-decide", request));
    const outcomes = await Promise.allSettled([...skips, shop.signIn(desk, requestId), shop.signIn(desk, requestId)]);
    await desk.turnsEnded(1);
    expect(await written(desk, "connection-decided")).toHaveLength(1);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refused.length).toBeGreaterThanOrEqual(4);
    for (const reason of refused) expect(reason).toEqual(code("request-over"));
  });

  test("of another customer, or an invented one, is neither begun nor skipped", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    const request = { conversationId: CONVERSATION, requestId, decision: "skipped" } as const;
    const invented = { conversationId: CONVERSATION, requestId: "invented-request", decision: "skipped" } as const;
    await expect(desk.desk.startConnection(OTHER_CUSTOMER, request)).rejects.toEqual(code("unknown-conversation"));
    await expect(desk.desk.decide(OTHER_CUSTOMER, "connection-decide", request)).rejects.toEqual(code("unknown-conversation"));
    await expect(desk.desk.startConnection(CUSTOMER, invented)).rejects.toEqual(code("unknown-request"));
    await expect(desk.desk.decide(CUSTOMER, "connection-decide", invented)).rejects.toEqual(code("unknown-request"));
    await desk.connected(invented);
    await desk.connected({ conversationId: "invented-conversation", requestId });
    await desk.connected({ ...request, customerId: OTHER_CUSTOMER.id });
    expect(shop.begun).toEqual([]);
    expect(await written(desk, "connection-decided")).toEqual([]);
  });

  test("that the customer has met since, unheard by this conversation, is done when they press Connect", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId, at } = await heard(desk, "connection-requested");
    const request = { conversationId: CONVERSATION, requestId, decision: "skipped" } as const;
    // What there was before it was asked was not good enough.
    shop.connectedAt = at - 1;
    await desk.desk.startConnection(CUSTOMER, request);
    desk = await desk.crash();
    shop.signedIn = true;
    shop.connectedAt = at + 1;
    await expect(desk.desk.startConnection(CUSTOMER, request)).rejects.toEqual(code("request-over"));
    await desk.turnsEnded(1);
    expect(shop.begun).toHaveLength(1);
    expect(shop.ran).toEqual(["read"]);
    expect(await written(desk, "connection-decided")).toEqual([expect.objectContaining({ decision: "connected" })]);
  });

  test("is none of an approval's or a question's", async () => {
    const shop = new PersonalShop();
    desk = await shop.open();
    await send(desk);
    const { requestId } = await heard(desk, "connection-requested");
    await expect(desk.desk.decide(CUSTOMER, "input-decide", { conversationId: CONVERSATION, requestId, action: "accept" })).rejects.toEqual(
      code("unknown-request"),
    );
  });
});

test("that a customer declined is told to them alone", async () => {
  const shop = new PersonalShop();
  desk = await shop.open();
  await send(desk);
  const { requestId } = await heard(desk, "connection-requested");
  const asked = { conversationId: CONVERSATION, requestId };
  expect(await desk.desk.lookAtConnection(CUSTOMER, asked)).toEqual({ declined: false });
  shop.declined.push({ customerId: CUSTOMER.id, ...asked });
  expect(await desk.desk.lookAtConnection(CUSTOMER, asked)).toEqual({ declined: true });
  await expect(desk.desk.lookAtConnection(OTHER_CUSTOMER, asked)).rejects.toEqual(code("unknown-conversation"));
});

test("a customer sees and removes their own connections only", async () => {
  const shop = new PersonalShop();
  desk = await shop.open();
  expect(await desk.desk.listConnections(CUSTOMER)).toEqual([expect.objectContaining({ connectionId: "connection-of-customer-one" })]);
  await expect(desk.desk.removeConnection(OTHER_CUSTOMER, "connection-of-customer-one")).rejects.toEqual(code("unknown-connection"));
  expect(shop.removed).toEqual([]);
  await desk.desk.removeConnection(CUSTOMER, "connection-of-customer-one");
  expect(shop.removed).toEqual(["connection-of-customer-one"]);
});
