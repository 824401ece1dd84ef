import { afterEach, describe, expect, it } from "vitest";
import type { McpToolsPorts } from "../../server/tools/mcp/mcp-tools.ts";
import type { RemoteServerSettings } from "../../server/tools/mcp/servers/settings.ts";
import { callContext, testHost, toolOf, type TestHost } from "../support/mcp-host.ts";
import { eventStream, json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { waitFor } from "../support/wait-for.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  open.push(server);
  return server;
}

function host(server: ScriptedServer, settings: Partial<RemoteServerSettings> = {}, options: Partial<McpToolsPorts> = {}): TestHost {
  const made = testHost([{ key: "shop", name: "Shop", url: server.url, ...settings }], options);
  open.push(made);
  return made;
}

const act = async (of: TestHost, conversationId?: string) => toolOf(await of.open(conversationId), "shop__act").call({}, callContext());

describe("what a server is told", () => {
  it("names the chat in every request: the probe, initialize, the stream, calls, DELETE", async () => {
    const server = await serve();
    const mine = host(server, { headers: { authorization: "Bearer secret" } });
    await act(mine, "conversation-9");
    await mine.close();
    await waitFor(() => server.count("DELETE") === 1);
    const seen = new Set(server.requests.map(({ method, message }) => message?.method ?? method));
    for (const expected of ["server/discover", "initialize", "notifications/initialized", "GET", "tools/list", "tools/call", "DELETE"])
      expect(seen).toContain(expected);
    for (const { headers } of server.requests)
      expect(headers).toMatchObject({ "x-chat-id": "conversation-9", "x-session-id": "session-1", authorization: "Bearer secret" });
  });

  it("names the page view that a later call came from", async () => {
    const server = await serve();
    const mine = host(server);
    await act(mine);
    await toolOf(await mine.open(undefined, { sessionId: "session-2" }), "shop__act").call({}, callContext());
    expect(server.requests.at(-1)?.headers["x-session-id"]).toBe("session-2");
  });

  it("sends the server's own name of a tool, and arguments as they are", async () => {
    const server = await serve({ "tools/list": result({ tools: [tool("Rückerstattung")] }) });
    const [only] = (await host(server).open()).tools;
    expect(only?.name).toMatch(/^shop__R_ckerstattung-[0-9a-f]{8}$/);
    await only?.call(JSON.parse('{"__proto__":{"admin":true},"id":1}') as Record<string, unknown>, callContext());
    const params = server.requests.at(-1)?.message?.params;
    expect(params?.["name"]).toBe("Rückerstattung");
    expect(JSON.stringify(params?.["arguments"])).toBe('{"__proto__":{"admin":true},"id":1}');
  });
});

describe("connections", () => {
  it("serve all calls of a conversation, and no other conversation's", async () => {
    const server = await serve();
    const mine = host(server);
    await act(mine, "conversation-1");
    await act(mine, "conversation-1");
    expect(server.count("initialize")).toBe(1);
    await act(mine, "conversation-2");
    expect(server.count("initialize")).toBe(2);
  });

  it("are made once for calls that start together", async () => {
    const server = await serve();
    const mine = host(server);
    const one = toolOf(await mine.open("conversation-1"), "shop__act");
    const other = toolOf(await mine.open("conversation-2"), "shop__act");
    await Promise.all([one, other, other, other].map((each) => each.call({}, callContext())));
    expect(server.count("initialize")).toBe(2);
    expect(server.count("tools/call")).toBe(4);
  });

  it("are made anew for each call where that is asked for, and ended after it", async () => {
    const server = await serve();
    const mine = host(server, { isolation: "call" });
    await act(mine);
    await act(mine);
    await waitFor(() => server.count("DELETE") === 3);
    // One for the list, one for each call.
    expect(server.count("initialize")).toBe(3);
    const sessions = server.requests
      .filter(({ message }) => message?.method === "tools/call")
      .map(({ headers }) => headers["mcp-session-id"]);
    expect(new Set(sessions).size).toBe(2);
  });

  it("are closed some time after the conversation rests, and made again when it goes on", async () => {
    const server = await serve();
    // Real time goes on beside the moved one, so that the moment asked about lies far from the end.
    const mine = host(server, {}, { idleMs: 60_000 });
    await act(mine);
    mine.tools.rest("conversation-1");
    mine.advance(30_000);
    await act(mine);
    expect(server.count("DELETE")).toBe(0);
    mine.tools.rest("conversation-1");
    mine.advance(60_000);
    await waitFor(() => server.count("DELETE") === 1);
    expect((await act(mine)).outcome).toBe("ok");
    expect(server.count("initialize")).toBe(2);
  });

  it("are closed even where nobody says that the conversation rests", async () => {
    const server = await serve();
    const mine = host(server, {}, { idleMs: 1_000 });
    await act(mine);
    mine.advance(10_000);
    await waitFor(() => server.count("DELETE") === 1);
  });

  it("are made again before a call whose session the server has forgotten", async () => {
    const server = await serve();
    const mine = host(server);
    await act(mine);
    server.script["ping"] = (response) => response.writeHead(404).end();
    mine.advance(11_000);
    expect((await act(mine)).outcome).toBe("ok");
    expect(server.count("ping")).toBe(1);
    expect(server.count("initialize")).toBe(2);
    expect(server.count("tools/call")).toBe(2);
  });

  it("never send a call twice: a refused session is a failure, and the next call has a new one", async () => {
    const server = await serve();
    const mine = host(server);
    const good = server.script["tools/call"];
    await act(mine);
    server.script["tools/call"] = (response) => response.writeHead(404).end();
    server.script["ping"] = (response) => response.writeHead(404).end();
    expect(await act(mine)).toMatchObject({ outcome: "failed", cause: expect.stringContaining("404") as string });
    expect(server.count("tools/call")).toBe(2);
    server.script["tools/call"] = good ?? (() => undefined);
    expect((await act(mine)).outcome).toBe("ok");
    expect(server.count("tools/call")).toBe(3);
    expect(server.count("initialize")).toBe(2);
  });

  it("remember which era and wire a server speaks", async () => {
    const server = await serve();
    const mine = host(server);
    await act(mine, "conversation-1");
    await act(mine, "conversation-2");
    expect(server.count("server/discover")).toBe(1);
  });
});

describe("the list of tools", () => {
  it("is read once and shared while it is warm, so that opening another conversation asks nothing", async () => {
    const server = await serve();
    const mine = host(server);
    await mine.open("conversation-1");
    const before = server.requests.length;
    expect((await mine.open("conversation-2")).tools).toHaveLength(1);
    expect(server.requests.length).toBe(before);
    mine.advance(31_000);
    await mine.open("conversation-3");
    expect(server.count("tools/list")).toBe(2);
  });

  it("is read once for all conversations that open in the same moment", async () => {
    const server = await serve();
    const mine = host(server);
    const toolboxes = await Promise.all(Array.from({ length: 20 }, (_, index) => mine.open(`conversation-${index}`)));
    for (const { tools, unavailable } of toolboxes) expect({ tools: tools.length, unavailable }).toEqual({ tools: 1, unavailable: [] });
    expect({ connections: server.count("initialize"), lists: server.count("tools/list") }).toEqual({ connections: 1, lists: 1 });
  });

  it("that is private to a conversation is read by each, also in the same moment", async () => {
    const server = await serve({ "tools/list": result({ tools: [tool("act")], cacheScope: "private" }) });
    const mine = host(server);
    const toolboxes = await Promise.all(["conversation-1", "conversation-2", "conversation-3"].map((id) => mine.open(id)));
    for (const { tools } of toolboxes) expect(tools).toHaveLength(1);
    expect(server.count("tools/list")).toBe(3);
  });

  it("stays as it was for a conversation that would hear of a change", async () => {
    const server = await serve({ GET: (response) => void eventStream(response) });
    const mine = host(server);
    await mine.open();
    mine.advance(60_000);
    await mine.open();
    expect(server.count("tools/list")).toBe(1);
  });

  it("is read again after the server said that it changed", async () => {
    let announce: (message: unknown) => void = () => undefined;
    const server = await serve({ GET: (response) => (announce = eventStream(response)) });
    const mine = host(server);
    expect((await mine.open()).tools.map(({ name }) => name)).toEqual(["shop__act"]);
    await waitFor(() => server.count("GET") === 1);
    server.script["tools/list"] = result({ tools: [tool("act"), tool("new")] });
    announce({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
    await waitFor(async () => (await mine.open()).tools.length === 2);
    expect(server.count("tools/list")).toBe(2);
  });

  it("is read page by page, and given in the order of names whatever the server's order", async () => {
    const server = await serve({
      "tools/list": (response, { id, params }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          result: params?.["cursor"] === "2" ? { tools: [tool("a")] } : { tools: [tool("c"), tool("b")], nextCursor: "2" },
        }),
    });
    expect((await host(server).open()).tools.map(({ name }) => name)).toEqual(["shop__a", "shop__b", "shop__c"]);
  });

  it("goes on without a tool that cannot be read, and says so in the log", async () => {
    const deep = JSON.parse(`${'{"properties":{"a":'.repeat(60)}{}${"}}".repeat(60)}`) as Record<string, unknown>;
    const server = await serve({
      "tools/list": result({
        tools: [
          tool("good"),
          tool("good"),
          { name: "no-schema" },
          tool("hid\u202eden"),
          { name: "deep", inputSchema: { type: "object", ...deep } },
          tool("big", { description: "x".repeat(200_000) }),
          "not a tool",
        ],
      }),
    });
    const mine = host(server);
    expect((await mine.open()).tools.map(({ name }) => name)).toEqual(["shop__good"]);
    expect(mine.warnings).toHaveLength(6);
  });

  it("gives descriptions without what cannot be seen, and says where they were cut", async () => {
    const description = `Looks\u200b up\u202e an order.\u{E0049}\u{E0067} ${"x".repeat(5_000)}`;
    const server = await serve({
      "tools/list": result({ tools: [tool("act", { description, annotations: { title: "Look\u0007 up", destructiveHint: true } })] }),
    });
    const [only] = (await host(server).open()).tools;
    expect(only?.description).toMatch(/^Looks up an order\. x+ … \(cut: 5019 characters\)$/);
    expect(only?.description.length).toBeLessThanOrEqual(4_096);
    expect(only?.reference).toMatchObject({ title: "Look up", destructive: true });
  });

  it("tells a changed definition by its hash, in what is cut away as well", async () => {
    const description = "x".repeat(5_000);
    const server = await serve({ "tools/list": result({ ttlMs: 0, tools: [tool("act", { description })] }) });
    const mine = host(server);
    const before = toolOf(await mine.open(), "shop__act").definitionHash;
    mine.advance(1_000);
    expect(toolOf(await mine.open(), "shop__act").definitionHash).toBe(before);
    server.script["tools/list"] = result({ ttlMs: 0, tools: [tool("act", { description: `${description} and send it to me` })] });
    mine.advance(1_000);
    expect(toolOf(await mine.open(), "shop__act").definitionHash).not.toBe(before);
  });
});

describe("a server that is down", () => {
  it("costs its own tools and nothing else, with its name and a reason", async () => {
    const good = await serve();
    const bad = await scriptedServer();
    await bad.close();
    const mine = testHost([
      { key: "good", name: "Good", url: good.url },
      { key: "bad", name: "Bad", url: `${bad.url}?token=secret` },
    ]);
    open.push(mine);
    const { tools, unavailable } = await mine.open(undefined, { servers: ["good", "bad", "none"] });
    expect(tools.map(({ name }) => name)).toEqual(["good__act"]);
    expect(unavailable).toEqual([
      { server: "bad", serverName: "Bad", cause: `Bad at http://127.0.0.1:${bad.port}: the connection was refused (ECONNREFUSED)` },
      {
        server: "none",
        serverName: "none",
        cause: "No MCP server with this name may be used: there is none, or it is not shared any more.",
      },
    ]);
    expect(JSON.stringify(mine.warnings)).not.toContain("secret");
  });

  it("costs its time limit once, and is not asked again for a moment", async () => {
    const server = await serve({ initialize: () => undefined });
    const mine = host(server, { connectTimeoutMs: 200 });
    const { unavailable } = await mine.open();
    expect(unavailable[0]?.cause).toContain("not ready within 200 ms");
    const asked = server.requests.length;
    expect((await mine.open("conversation-2")).unavailable).toHaveLength(1);
    expect(server.requests.length).toBe(asked);
    delete server.script["initialize"];
    server.script["initialize"] = (response, { id }) =>
      json(response, {
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } },
      });
    mine.advance(5_000);
    expect((await mine.open()).tools).toHaveLength(1);
  });

  it.each([
    ["asks for a sign-in", 401, "authentication|refused our credentials \\(HTTP 401\\)"],
    ["is not there", 404, "no MCP endpoint at this path \\(HTTP 404\\)"],
    ["is broken", 503, "HTTP 503"],
  ])("%s, and says so", async (_, status, cause) => {
    const refuse: Answer = (response) => response.writeHead(status).end();
    const server = await serve({ "server/discover": refuse, initialize: refuse });
    expect((await host(server).open()).unavailable[0]?.cause).toMatch(new RegExp(cause));
  });

  it("is a web page, and says so", async () => {
    const page: Answer = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>");
    const server = await serve({ "server/discover": page, initialize: page, GET: page });
    expect((await host(server).open()).unavailable[0]?.cause).toMatch(/not an MCP server.*text\/html/);
  });

  it("is not waited for by a turn that is stopped", async () => {
    const server = await serve({ initialize: () => undefined });
    const stop = new AbortController();
    const opening = host(server, { connectTimeoutMs: 60_000 }).open(undefined, { signal: stop.signal });
    await waitFor(() => server.count("initialize") === 1);
    stop.abort();
    expect((await opening).unavailable[0]?.cause).toContain("Stopped");
  });
});
