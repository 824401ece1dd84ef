import { describe, expect, it } from "vitest";
import { testHost } from "../../support/mcp-host.ts";
import { opened, serve, shopHost } from "../../support/mcp-opened.ts";
import { json, scriptedServer, type Answer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

describe("a server that is down", () => {
  it("costs its own tools and nothing else, with its name and a reason", async () => {
    const good = await serve();
    const bad = await scriptedServer();
    await bad.close();
    const mine = testHost([
      { key: "good", name: "Good", url: good.url },
      { key: "bad", name: "Bad", url: `${bad.url}?token=secret` },
    ]);
    opened(mine);
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
    const mine = shopHost(server, { connectTimeoutMs: 60_000 });
    const opening = mine.open();
    await waitFor(() => server.count("initialize") === 1);
    mine.advance(60_000);
    expect((await opening).unavailable[0]?.cause).toContain("not ready within 60000 ms");
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
    expect((await shopHost(server).open()).unavailable[0]?.cause).toMatch(new RegExp(cause));
  });

  it("is a web page, and says so", async () => {
    const page: Answer = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>");
    const server = await serve({ "server/discover": page, initialize: page, GET: page });
    expect((await shopHost(server).open()).unavailable[0]?.cause).toMatch(/not an MCP server.*text\/html/);
  });

  it("is not waited for by a turn that is stopped", async () => {
    const server = await serve({ initialize: () => undefined });
    const stop = new AbortController();
    const opening = shopHost(server, { connectTimeoutMs: 60_000 }).open(undefined, { signal: stop.signal });
    await waitFor(() => server.count("initialize") === 1);
    stop.abort();
    expect((await opening).unavailable[0]?.cause).toContain("Stopped");
  });
});
