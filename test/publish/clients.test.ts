/** What real clients were seen to do (each test names one), and what a published server owes them. */
import { describe, expect, onTestFinished, test } from "vitest";
import { modernServer } from "../support/mcp-modern-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { backend, cancelOrder, connect, type Desk, desk, ERAS, post, type Published } from "./publish-harness.ts";

async function served(more: object = {}): Promise<{ server: Desk; published: Published }> {
  const { url } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  return { server, published: await server.publish([{ source: "http", name: "cancel_order" }], more) };
}

const initialize = (name = "probe", protocolVersion = "2025-06-18"): object => ({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion, capabilities: {}, clientInfo: { name, version: "1" } },
});

/** A connection of a client that is no SDK; `version` is what it says after initialize, if anything. */
async function session({ url, key }: Published, name = "probe", version?: string) {
  const first = await post(url, initialize(name), { "X-API-Key": key });
  const id = first.headers.get("mcp-session-id") ?? "";
  const headers = { "X-API-Key": key, "Mcp-Session-Id": id, ...(version === undefined ? {} : { "MCP-Protocol-Version": version }) };
  await post(url, { jsonrpc: "2.0", method: "notifications/initialized" }, headers);
  const ask = async (method: string, params: object = {}, more: Readonly<Record<string, string>> = {}) => {
    const response = await post(url, { jsonrpc: "2.0", id: 2, method, params }, { ...headers, ...more });
    const text = await response.text();
    const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
    return { status: response.status, message: JSON.parse(data) as { result?: Record<string, unknown>; error?: { message: string } } };
  };
  return { first, headers, ask };
}

test("no version after initialize is the legacy era, and ping is answered (gemini-cli)", async () => {
  const { published } = await served();
  const { ask } = await session(published);
  expect(await ask("ping")).toMatchObject({ status: 200, message: { result: {} } });
  expect((await ask("tools/list")).message.result).toMatchObject({ tools: [{ name: "cancel_order" }] });
});

test("both legacy revisions are spoken as they are asked for (codex, Claude Code)", async () => {
  const { published } = await served();
  for (const version of ["2025-06-18", "2025-11-25"]) {
    const response = await post(published.url, initialize("probe", version), { "X-API-Key": published.key });
    expect(await response.text()).toContain(`"protocolVersion":"${version}"`);
  }
});

test("the era is not read from Mcp-Method: a bridge sends it with the legacy era (mcp-remote)", async () => {
  const { published } = await served();
  const { ask } = await session(published, "outer (via mcp-remote 0.15.1)", "2025-11-25");
  const listed = await ask("tools/list", {}, { "Mcp-Method": "tools/list", "Mcp-Name": "" });
  expect(listed).toMatchObject({ status: 200, message: { result: { tools: [{ name: "cancel_order" }] } } });
});

test("a probe by GET without a key, and an old version, is told of the key (codex mcp list)", async () => {
  const { published } = await served();
  const response = await fetch(published.url, { headers: { "MCP-Protocol-Version": "2024-11-05" } });
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toContain("Bearer");
});

test("a GET before there is a connection is answered 405, after which clients go on (AI SDK)", async () => {
  const { published } = await served();
  const response = await fetch(published.url, { headers: { "X-API-Key": published.key, Accept: "text/event-stream" } });
  expect(response.status).toBe(405);
});

test("a connection belongs to its key, and one that is over is 404, so that clients connect anew", async () => {
  const { server, published } = await served();
  const { headers } = await session(published);
  const { body } = await server.api<{ key: string }>("POST", `/published-servers/${published.id}/keys`, { name: "other" });
  const ping = { jsonrpc: "2.0", id: 3, method: "ping" };
  expect((await post(published.url, ping, { ...headers, "X-API-Key": body.key })).status).toBe(404);
  expect((await post(published.url, ping, headers)).status).toBe(200);
  expect((await fetch(published.url, { method: "DELETE", headers })).status).toBe(200);
  expect((await post(published.url, ping, headers)).status).toBe(404);
});

test("a knock that never uses its session is not the first connection (mcp-remote)", async () => {
  const { server, published } = await served();
  const first = async () => (await server.api<{ first: object }>("GET", `/published-servers/${published.id}`)).body.first;
  await session(published, "mcp-remote-fallback-test");
  await post(published.url, { jsonrpc: "2.0", id: 1, method: "server/discover", params: {} }, { "X-API-Key": published.key });
  expect(await first()).toEqual({});
  const { ask } = await session(published, "outer");
  await ask("ping");
  await expect.poll(first).toEqual({ connected: expect.any(Number) });
  await ask("tools/list");
  await expect.poll(first).toEqual({ connected: expect.any(Number), listed: expect.any(Number) });
  await ask("tools/call", { name: "cancel_order", arguments: { order: 1 } });
  await expect.poll(first).toEqual({ connected: expect.any(Number), listed: expect.any(Number), called: expect.any(Number) });
});

test("connecting is one request for the limit, and calls over it are refused in words, by POST and GET alike", async () => {
  const { published } = await served({ callsPerMinute: 2 });
  const { ask, headers } = await session(published);
  const call = { name: "cancel_order", arguments: { order: 1 } };
  expect((await ask("tools/call", call)).status).toBe(200);
  expect((await ask("tools/call", call)).status).toBe(200);
  const refused = await post(published.url, { jsonrpc: "2.0", id: 9, method: "tools/call", params: call }, headers);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await refused.json()).toMatchObject({
    error: { message: expect.stringMatching(/^This key may make 2 calls in a minute: wait \d+ seconds?/) as string },
  });
  // It may still look around.
  expect((await ask("tools/list")).status).toBe(200);
});

describe.each(ERAS)("in the %s era", (era) => {
  test("names are such as every model takes, and no two are alike", async () => {
    const upstream = await modernServer((mcp, schema) => {
      const inputSchema = schema({ type: "object", properties: {} });
      for (const name of ["a.dotted.name", "a_dotted_name", `long_${"x".repeat(100)}`, "cancel_order"])
        mcp.registerTool(name, { inputSchema }, () => ({ content: [{ type: "text", text: name }] }));
    });
    onTestFinished(() => upstream.close());
    const { server } = await served();
    await server.api("POST", "/mcp-servers", { key: "odd", name: "Odd", url: upstream.url });
    const from = (name: string): object => ({ source: "mcp", server: "odd", name });
    const names = ["a.dotted.name", "a_dotted_name", `long_${"x".repeat(100)}`, "cancel_order"];
    const published = await server.publish([{ source: "http", name: "cancel_order" }, ...names.map(from)]);
    const client = await connect(published, era);
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    expect(listed).toHaveLength(5);
    expect(new Set(listed).size).toBe(5);
    for (const name of listed) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(listed.slice(0, 2)).toEqual(["cancel_order", "a_dotted_name"]);
    for (const [index, name] of names.entries())
      expect((await client.callTool({ name: listed[index + 1]!, arguments: {} })).content).toEqual([{ type: "text", text: name }]);
  });

  test("who listens is told when the tools change, by whatever makes them change", async () => {
    const { server, published } = await served();
    let told = 0;
    const client = await connect(published, era, {
      prepare: (made) => made.setNotificationHandler("notifications/tools/list_changed", () => void (told += 1)),
    });
    if (era === "modern") await (client as unknown as { listen(filter: object): Promise<unknown> }).listen({ toolsListChanged: true });
    await client.listTools();
    const change = async (tools: readonly object[]): Promise<void> => {
      const { headers } = await server.api("GET", `/published-servers/${published.id}`);
      const { status } = await server.api(
        "PATCH",
        `/published-servers/${published.id}`,
        { tools },
        { "If-Match": headers.get("etag") ?? "" },
      );
      expect(status).toBe(200);
    };
    await change([{ source: "http", name: "cancel_order", publishedName: "cancel" }]);
    await waitFor(() => told >= 1);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["cancel"]);
    const before = told;
    const { headers } = await server.api("GET", "/http-tools/cancel_order");
    await server.api("PATCH", "/http-tools/cancel_order", { description: "Cancels." }, { "If-Match": headers.get("etag") ?? "" });
    await waitFor(() => told > before);
    expect((await client.listTools()).tools[0]?.description).toBe("Cancels.");
  });

  test("progress of a call comes through, and who gives up cancels it at its source", async () => {
    let isCancelled = false;
    const upstream = await modernServer((mcp, schema) => {
      mcp.registerTool("slow", { inputSchema: schema({ type: "object", properties: {} }) }, async (_input, { mcpReq }) => {
        const progressToken = mcpReq._meta?.progressToken;
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1, total: 2, message: "half" } });
        await new Promise<void>((resolve) => mcpReq.signal.addEventListener("abort", () => resolve()));
        isCancelled = true;
        return { content: [] };
      });
    });
    onTestFinished(() => upstream.close());
    const { server } = await served();
    await server.api("POST", "/mcp-servers", { key: "slow", name: "Slow", url: upstream.url });
    const published = await server.publish([{ source: "mcp", server: "slow", name: "slow" }]);
    const client = await connect(published, era);
    const controller = new AbortController();
    const heard: object[] = [];
    const onprogress = (progress: object): void => {
      heard.push(progress);
      controller.abort();
    };
    await expect(client.callTool({ name: "slow", arguments: {} }, { onprogress, signal: controller.signal })).rejects.toThrow();
    expect(heard).toMatchObject([{ progress: 1, total: 2, message: "half" }]);
    await waitFor(() => isCancelled);
    await expect
      .poll(async () => (await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/logs`)).body.items)
      .toMatchObject([{ tool: "slow", outcome: "cancelled" }]);
  });

  test("more tools than a page are read page by page", async () => {
    const { url } = await backend();
    const server = await desk();
    const names = Array.from({ length: 510 }, (_, index) => `tool_${String(index).padStart(3, "0")}`);
    for (const name of names) await server.api("POST", "/http-tools", { ...cancelOrder(url), name });
    const published = await server.publish(names.map((name) => ({ source: "http", name })));
    const client = await connect(published, era);
    const listed = await client.listTools();
    // The SDK reads on by itself.
    const rest = listed.nextCursor === undefined ? [] : (await client.listTools({ cursor: listed.nextCursor })).tools;
    expect([...listed.tools, ...rest].map(({ name }) => name)).toEqual(names);
  });
});
