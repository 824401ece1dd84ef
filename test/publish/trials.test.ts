/** What staff see of a published server and try of it before a client does. */
import { expect, onTestFinished, test } from "vitest";
import { modernServer } from "../support/mcp-modern-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { backend, cancelOrder, connect, type Desk, desk, post, type Published } from "./publish-harness.ts";

interface Stage {
  readonly server: Desk;
  readonly published: Published;
  readonly requests: Awaited<ReturnType<typeof backend>>["requests"];
}

async function stage(more: object = {}): Promise<Stage> {
  const { url, requests } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  return { server, requests, published: await server.publish([{ source: "http", name: "cancel_order", ...more }]) };
}

const tried = ({ server, published }: Stage, tool: string, input: object = {}) =>
  server.api<{ request: object; response: object; end?: object; durationMs: number }>("POST", `/published-servers/${published.id}/test`, {
    tool,
    arguments: input,
  });
const logs = async ({ server, published }: Stage, query = ""): Promise<Record<string, unknown>[]> =>
  (await server.api<{ items: Record<string, unknown>[] }>("GET", `/published-servers/${published.id}/logs${query}`)).body.items;

test("a test calls the tool as a client would, and shows what it would have sent and been answered", async () => {
  const on = await stage({ publishedName: "stop_order" });
  const { status, body } = await tried(on, "stop_order", { order: 1042 });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    request: { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "stop_order", arguments: { order: 1042 } } },
    response: { jsonrpc: "2.0", id: 1, result: { content: [{ type: "text", text: expect.stringContaining("1042") as string }] } },
    end: { outcome: "ok" },
  });
  expect(on.requests.map(({ body: sent }) => sent)).toEqual(['{"order":1042}']);
});

test("what does not fit and what is not there is said as a client reads it", async () => {
  const on = await stage();
  expect((await tried(on, "cancel_order", { order: "many" })).body).toMatchObject({
    response: { result: { isError: true, content: [{ text: expect.stringContaining("The arguments do not fit") as string }] } },
    end: { outcome: "refused" },
  });
  const { body } = await tried(on, "no_such");
  expect(body).toMatchObject({ response: { error: { message: expect.stringContaining('no tool "no_such"') as string } } });
  expect(body.end).toBeUndefined();
  expect(on.requests).toEqual([]);
  const other = await on.server.api("POST", "/published-servers/none/test", { tool: "cancel_order" });
  expect(other.status).toBe(404);
});

test("in the log it is a test of whoever made it: no key counts it, and no client connected, listed or called", async () => {
  const on = await stage();
  await tried(on, "cancel_order", { order: 7 });
  await expect.poll(() => logs(on)).toMatchObject([{ tool: "cancel_order", tester: { name: expect.any(String) as string } }]);
  const [entry] = await logs(on, "?tests=only");
  expect(entry).not.toHaveProperty("key");
  expect(await logs(on, "?tests=none")).toEqual([]);
  const usage = await on.server.api<{ keys: object[] }>("GET", `/published-servers/${on.published.id}/usage`);
  expect(usage.body.keys).toEqual([]);
  const view = await on.server.api("GET", `/published-servers/${on.published.id}`);
  expect(view.body).toMatchObject({ first: {}, keys: 1 });
  expect(view.body).not.toHaveProperty("last");
});

test("a tool that needs approval waits for the staff in a test as well, and says who tests", async () => {
  const on = await stage({ permission: "needs_approval" });
  const answer = tried(on, "cancel_order", { order: 1042 });
  interface Waiting {
    readonly approvalId: string;
    readonly argumentsHash: string;
    readonly conversationId: string;
  }
  const waiting = await waitFor(async () => (await on.server.api<{ items: Waiting[] }>("GET", "/approvals")).body.items[0]);
  expect(on.requests).toEqual([]);
  const journal = await on.server.api<{ items: { text?: string }[] }>("GET", `/conversations/${waiting.conversationId}/events?limit=5`);
  expect(journal.body.items[0]?.text).toContain('who tests "Shop tools", calls http__cancel_order');
  const { argumentsHash } = waiting;
  await on.server.api("POST", `/approvals/${waiting.approvalId}/decision`, { decision: "rejected", argumentsHash, reason: "Not today." });
  expect((await answer).body).toMatchObject({ response: { result: { isError: true } }, end: { outcome: "refused" } });
  expect(on.requests).toEqual([]);
});

test("the preview is what a client lists, and says of every other tool why it is not seen", async () => {
  const upstream = await modernServer((mcp, schema) => {
    mcp.registerTool("show", { inputSchema: schema({ type: "object", properties: {} }) }, () => ({ content: [] }));
  });
  onTestFinished(() => upstream.close());
  const on = await stage();
  const { server, published } = on;
  await server.api("POST", "/mcp-servers", { key: "shop", name: "Shop", url: upstream.url });
  await server.api("POST", "/mcp-servers", { key: "down", name: "Down", url: "http://127.0.0.1:9/mcp" });
  const { headers } = await server.api("GET", `/published-servers/${published.id}`);
  const tools = [
    { source: "http", name: "cancel_order", description: "Stops it." },
    { source: "mcp", server: "shop", name: "show", active: false },
    { source: "mcp", server: "shop", name: "gone" },
    { source: "mcp", server: "down", name: "anything" },
  ];
  await server.api("PATCH", `/published-servers/${published.id}`, { tools }, { "If-Match": headers.get("etag") ?? "" });
  const client = await connect(published, "modern");
  const seen = (await client.listTools()).tools;
  interface Preview {
    readonly tools: readonly { readonly definition?: object; readonly unseen?: { readonly reason: string; readonly cause?: string } }[];
  }
  const { body } = await server.api<Preview>("GET", `/published-servers/${published.id}/tools`);
  expect(body.tools.flatMap(({ definition }) => (definition === undefined ? [] : [definition]))).toEqual(seen);
  expect(seen).toMatchObject([{ name: "cancel_order", description: "Stops it." }]);
  expect(body.tools.map(({ unseen }) => unseen?.reason)).toEqual([undefined, "inactive", "not-there", "unreachable"]);
  expect(body.tools[3]?.unseen?.cause).toBeTruthy();
});

test("the log is a file as well, and nothing in it is a formula", async () => {
  const on = await stage();
  const client = await connect(on.published, "modern");
  await client.callTool({ name: "cancel_order", arguments: { order: "=1+1" } });
  await waitFor(async () => (await logs(on)).length === 1);
  const { body: made } = await on.server.api<{ key: string }>("POST", `/published-servers/${on.published.id}/keys`, {
    name: "=HYPERLINK(1)",
  });
  const other = await connect({ url: on.published.url, key: made.key }, "modern");
  await other.callTool({ name: "cancel_order", arguments: { order: 7 } });
  await waitFor(async () => (await logs(on)).length === 2);
  const file = async (format: string): Promise<Response> =>
    fetch(`${on.server.url}/api/v1/published-servers/${on.published.id}/logs?format=${format}`, {
      headers: { Authorization: "Bearer an-admin-key-that-is-long-enough-1234567890" },
    });
  const csv = await (await file("csv")).text();
  expect(csv.split("\r\n")[0]).toBe(
    '"at","keyName","tester","clientName","clientVersion","tool","outcome","cause","arguments","result","durationMs","conversation","key","id"',
  );
  expect(csv).toContain(`"'=HYPERLINK(1)"`);
  expect(csv.trim().split("\r\n")).toHaveLength(3);
  const lines = (await (await file("jsonl")).text()).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(["ok", "refused"]);
});

test("a server says who used it last, with what key, how many keys it has, and who was not let in", async () => {
  const on = await stage();
  const client = await connect(on.published, "legacy");
  await client.callTool({ name: "cancel_order", arguments: { order: 7 } });
  const view = () => on.server.api("GET", `/published-servers/${on.published.id}`);
  await expect
    .poll(async () => (await view()).body)
    .toMatchObject({
      keys: 1,
      last: { keyName: "CI", clientName: "test-client", clientVersion: "7.8", tool: "cancel_order", outcome: "ok" },
    });
  const usage = await on.server.api("GET", `/published-servers/${on.published.id}/usage`);
  expect(usage.body).toMatchObject({ keys: [{ keyName: "CI", calls: 1, clientName: "test-client", clientVersion: "7.8" }] });
  expect((await view()).body).not.toHaveProperty("refused");
  await post(on.published.url, { jsonrpc: "2.0", id: 1, method: "ping" }, { "X-API-Key": "wrong" });
  expect((await view()).body).toMatchObject({ refused: { message: expect.stringContaining("This key is wrong") as string } });
  await on.server.api("DELETE", `/published-servers/${on.published.id}/keys/${on.published.keyId}`);
  expect((await view()).body).toMatchObject({ keys: 0 });
});
