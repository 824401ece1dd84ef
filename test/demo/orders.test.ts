import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { type OrderServer, type OrderServerOptions, startOrders } from "../../demo/orders/server.ts";
import { call, connectOrders, readState, textOf } from "./order-client.ts";

let folder: string;
let server: OrderServer;
let client: Client;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-orders-"));
  await open();
});

afterEach(async () => {
  await client.close();
  await server.close();
  await rm(folder, { recursive: true });
});

async function open(options: Partial<OrderServerOptions> = {}): Promise<void> {
  server = await startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 20, ...options });
  ({ client } = await connectOrders(server.url));
}

async function reopen(options: Partial<OrderServerOptions> = {}): Promise<void> {
  await client.close();
  await server.close();
  await open(options);
}

test("offers seven tools that say what they do to the world, one of them for a view alone", async () => {
  const { tools } = await client.listTools();
  const hints = Object.fromEntries(tools.map((tool) => [tool.name, tool.annotations]));
  expect(Object.keys(hints).toSorted()).toEqual([
    "cancel_order",
    "list_orders",
    "lookup_order",
    "move_delivery",
    "product_photo",
    "refund_order",
    "track_parcel",
  ]);
  for (const name of ["lookup_order", "list_orders", "track_parcel", "product_photo"]) expect(hints[name]?.readOnlyHint).toBe(true);
  for (const name of ["refund_order", "cancel_order"]) expect(hints[name]).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  for (const tool of tools) expect(tool.title).toBeTruthy();
  const ui = Object.fromEntries(tools.flatMap((tool) => (tool._meta === undefined ? [] : [[tool.name, tool._meta["ui"]]])));
  expect(ui).toEqual({ move_delivery: { visibility: ["app"] }, track_parcel: { resourceUri: "ui://lull/parcel.html" } });
  const refund = tools.find((tool) => tool.name === "refund_order");
  expect(refund?.inputSchema.properties).toMatchObject({
    orderId: { title: "Order" },
    amount: { title: "Amount", type: "integer", format: "money", currency: "EUR" },
    reason: { title: "Reason" },
  });
});

test("looks an order up, the same in text and structure", async () => {
  const result = await call(client, "lookup_order", { orderId: "#1042" });
  expect(result.structuredContent).toMatchObject({
    orderId: "1042",
    status: "shipped",
    totalCents: 9490,
    refundedCents: 0,
    refundableCents: 9490,
  });
  expect(JSON.parse(textOf(result))).toEqual(result.structuredContent);
});

test("shows a parcel by a page that needs nothing from elsewhere, and moves its delivery", async () => {
  const { contents } = await client.readResource({ uri: "ui://lull/parcel.html" });
  expect(contents).toMatchObject([{ mimeType: "text/html;profile=mcp-app", text: expect.stringMatching(/^<!doctype html>/) as string }]);
  expect(JSON.stringify(contents)).not.toMatch(/https?:/);
  const tomorrow = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const moved = await call(client, "move_delivery", { orderId: "1042", day: tomorrow });
  expect(moved.structuredContent).toMatchObject({ orderId: "1042", expectedAt: `${tomorrow}T12:00:00.000Z` });
  expect(textOf(await call(client, "move_delivery", { orderId: "1041", day: tomorrow }))).toBe(
    "Order 1041 is not on its way: it is delivered.",
  );
  expect(textOf(await call(client, "move_delivery", { orderId: "1042", day: "2020-01-01" }))).toContain("does not come on 2020-01-01");
});

test("says plainly that an order does not exist", async () => {
  const result = await call(client, "lookup_order", { orderId: "9999" });
  expect(result.isError).toBe(true);
  expect(textOf(result)).toBe("There is no order 9999. Known orders: 1043, 1042, 1041, 1036.");
});

test("lists orders, newest first, all or by status", async () => {
  const numbers = async (input: Record<string, unknown>): Promise<string[]> => {
    const { orders } = (await call(client, "list_orders", input)).structuredContent as { orders: { orderId: string }[] };
    return orders.map((order) => order.orderId);
  };
  expect(await numbers({})).toEqual(["1043", "1042", "1041", "1036"]);
  expect(await numbers({ status: "shipped" })).toEqual(["1042"]);
});

test("tracks a parcel and reports how far it is", async () => {
  const progress: unknown[] = [];
  const result = await client.callTool({ name: "track_parcel", arguments: { orderId: "1042" } }, undefined, {
    onprogress: (step) => progress.push(step),
  });
  expect(progress).toEqual([
    { progress: 0, total: 4, message: "Asking Heron Post" },
    { progress: 1, total: 4, message: "Reading the depot's scans" },
    { progress: 2, total: 4, message: "Finding the van" },
    { progress: 3, total: 4, message: "Working out the arrival" },
  ]);
  expect(result.structuredContent).toMatchObject({ orderId: "1042", carrier: "Heron Post", delivered: false });
});

test("stops tracking when the call is cancelled", async () => {
  await reopen({ trackDurationMs: 60_000 });
  const stop = new AbortController();
  const tracked = client.callTool({ name: "track_parcel", arguments: { orderId: "1042" } }, undefined, {
    signal: stop.signal,
    onprogress: () => stop.abort(),
  });
  await expect(tracked).rejects.toThrow();
  await expect.poll(async () => (await readState(server.url)).calls.at(-1)).toMatchObject({ tool: "track_parcel", outcome: "cancelled" });
});

test("gives a photo as an image with a line of text", async () => {
  const result = await call(client, "product_photo", { product: "the teapot" });
  const [text, image] = result.content;
  expect(text).toMatchObject({ type: "text", text: expect.stringContaining("Still teapot") as string });
  if (image?.type !== "image") throw new Error("The second part is no image.");
  expect(image.mimeType).toBe("image/png");
  expect(Buffer.from(image.data, "base64").subarray(1, 4).toString()).toBe("PNG");
  expect(textOf(await call(client, "product_photo", { product: "a bicycle" }))).toContain('No product is called "a bicycle"');
});

test("records one refund per accepted call, and never more than was paid", async () => {
  const first = await call(client, "refund_order", { orderId: "1042", amount: 2800, reason: "One mug arrived chipped" });
  expect(first.structuredContent).toMatchObject({ orderId: "1042", amountCents: 2800, refundableCents: 6690 });
  await call(client, "refund_order", { orderId: "1042", amount: 2800 });
  const tooMuch = await call(client, "refund_order", { orderId: "1042", amount: 3891 });
  expect(tooMuch.isError).toBe(true);
  expect(textOf(tooMuch)).toBe("€38.91 is more than order 1042 has left. At most €38.90 can be refunded.");
  const order = (await readState(server.url)).orders.find(({ orderId }) => orderId === "1042");
  expect(order?.refunds).toMatchObject([{ amountCents: 2800, reason: "One mug arrived chipped", chatId: "chat-1" }, { amountCents: 2800 }]);
});

test("refuses an amount that is no whole number of cents", async () => {
  for (const amount of [0, -5, 12.5]) {
    expect((await call(client, "refund_order", { orderId: "1042", amount })).isError).toBe(true);
  }
  expect((await readState(server.url)).orders.every(({ refunds }) => refunds.length === 0)).toBe(true);
});

test("cancels an order that was not shipped, once, and then has nothing to refund", async () => {
  expect((await call(client, "cancel_order", { orderId: "1043" })).structuredContent).toEqual({ orderId: "1043", status: "cancelled" });
  expect(textOf(await call(client, "cancel_order", { orderId: "1043" }))).toBe("Order 1043 is already cancelled.");
  expect(textOf(await call(client, "refund_order", { orderId: "1043", amount: 1 }))).toContain("was never charged");
  expect(textOf(await call(client, "cancel_order", { orderId: "1042" }))).toContain("already shipped");
});

test("keeps refunds and the call log over a restart", async () => {
  await call(client, "refund_order", { orderId: "1041", amount: 9600 });
  const before = await readState(server.url);
  await reopen();
  expect(await readState(server.url)).toEqual(before);
  expect(textOf(await call(client, "refund_order", { orderId: "1041", amount: 1 }))).toContain("already been refunded in full");
});

test("writes down who called", async () => {
  await call(client, "lookup_order", { orderId: "1036" });
  expect((await readState(server.url)).calls).toMatchObject([
    { tool: "lookup_order", arguments: { orderId: "1036" }, chatId: "chat-1", sessionId: "session-1", outcome: "ok" },
  ]);
});

test("forgets a session that its client ended", async () => {
  const other = await connectOrders(server.url);
  expect(server.sessions()).toBe(2);
  await other.transport.terminateSession();
  expect(server.sessions()).toBe(1);
  await other.client.close();
});

test("makes room for a new session beyond the maximum, at the cost of the one idle longest", async () => {
  await reopen({ maximumSessions: 3 });
  const others = await Promise.all([connectOrders(server.url), connectOrders(server.url)]);
  others.push(await connectOrders(server.url));
  expect(server.sessions()).toBe(3);
  await Promise.all(others.map((other) => other.client.close()));
});

test("drops a session that was not used for a while", async () => {
  await reopen({ sessionIdleMs: 50 });
  await client.close();
  await expect.poll(() => server.sessions()).toBe(0);
});

test("answers only to its loopback name", async () => {
  const status = await new Promise((resolve, reject) => {
    request(`${server.url}/state`, { headers: { Host: "evil.example" } }, (response) => resolve(response.statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(403);
});
