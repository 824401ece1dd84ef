/** A server that does not know the question of the modern era may answer it in any way. `initialize` is asked all the same. */
import { describe, expect, it } from "vitest";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { opened } from "../../support/mcp-opened.ts";
import { modernServer } from "../../support/mcp-modern-server.ts";
import { eventStream, json, scriptedServer, type Answer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

const error = { code: -32000, message: "Unknown method" };
const withAct: Parameters<typeof modernServer>[0] = (server, schema) =>
  void server.registerTool("act", { inputSchema: schema({ type: "object" }) }, () => ({ content: [] }));
const unsupported = (...supported: string[]): object => ({
  code: -32022,
  message: "Unsupported protocol version",
  data: { supported, requested: "2026-07-28" },
});
const status =
  (code: number, body = ""): Answer =>
  (response) =>
    void response.writeHead(code, body === "" ? {} : { "content-type": "text/html" }).end(body);

describe("a server that answers server/discover", () => {
  it.each<[string, Answer]>([
    ["with an error whose id is null", (response) => json(response, { jsonrpc: "2.0", id: null, error })],
    ["with -32601", (response, { id }) => json(response, { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } })],
    [
      "with -32600 and 400",
      (response) =>
        void response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ jsonrpc: "2.0", id: null, error })),
    ],
    ["with a result that has no id", (response) => json(response, { jsonrpc: "2.0", result: {} })],
    ["with a result that has another id", (response) => json(response, { jsonrpc: "2.0", id: 4711, result: {} })],
    ["with an error that has another id", (response) => json(response, { jsonrpc: "2.0", id: 4711, error })],
    ["with an error in a stream, without an id", (response) => eventStream(response)({ jsonrpc: "2.0", error })],
    ["with a stream that ends", (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end()],
    ["with a result that is none", (response, { id }) => json(response, { jsonrpc: "2.0", id, result: null })],
    ["with the revisions of its own era", (response, { id }) => json(response, { jsonrpc: "2.0", id, error: unsupported("2025-11-25") })],
    ["with 202", status(202)],
    ["with 204", status(204)],
    ["with 401", status(401)],
    ["with 403", status(403)],
    ["with 403 and a text", status(403, "Unknown method")],
    ["with 429", status(429)],
    ["with 500", status(500)],
    ["with 501", status(501)],
    ["with 502 and a page", status(502, "<h1>Bad gateway</h1>")],
    ["with 503", status(503)],
    ["with 404", status(404)],
    ["with 405", status(405)],
    ["with 406", status(406)],
    ["with 415", status(415)],
    ["with 422", status(422)],
    ["with a page", status(200, "<h1>Hello</h1>")],
    ["with an empty 200", status(200)],
    ["with a text", (response) => void response.writeHead(200, { "content-type": "text/plain" }).end("what?")],
    ["with half of a JSON", (response) => void response.writeHead(200, { "content-type": "application/json" }).end('{"jsonrpc":')],
    ["by hanging up", (response) => void response.socket?.destroy()],
    ["by a reset", (response) => void response.socket?.resetAndDestroy()],
  ])("%s is asked as one of the legacy era, and works", async (_how, answer) => {
    const server = await scriptedServer({ "server/discover": answer });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, transport: "streamable-http" }]);
    opened(server);
    opened(host);
    expect(await toolOf(await host.open(), "shop__act").call({}, callContext({}))).toMatchObject({ outcome: "ok" });
    expect(server.count("initialize")).toBe(1);
    // What was found out is remembered. A connection that was closed is tried once more.
    const asked = server.count("server/discover");
    expect(asked).toBeLessThanOrEqual(2);
    await host.open("conversation-2");
    expect(server.count("server/discover")).toBe(asked);
  });

  it("with silence is asked as one of the legacy era in the time that is left", async () => {
    const server = await scriptedServer({ "server/discover": () => undefined });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, connectTimeoutMs: 30_000 }]);
    opened(server);
    opened(host);
    const opening = host.open();
    await waitFor(() => server.count("server/discover") === 1);
    expect(server.count("initialize")).toBe(0);
    host.advance(5_000);
    expect(await toolOf(await opening, "shop__act").call({}, callContext({}))).toMatchObject({ outcome: "ok" });
    expect(server.count("initialize")).toBe(1);
  });

  it("only after a while, as one of the modern era, is spoken with in it", async () => {
    const modern = await modernServer(withAct);
    let wake = (): void => undefined;
    const awake = new Promise<void>((resolve) => (wake = resolve));
    let asked = 0;
    const initialized: string[] = [];
    const slow: typeof fetch = async (url, init) => {
      const body = typeof init?.body === "string" ? init.body : "";
      if (body.includes("server/discover")) {
        asked += 1;
        await awake;
      }
      if (body.includes('"initialize"')) {
        initialized.push(body);
        return new Response(null, { status: 503 });
      }
      return fetch(url, init);
    };
    const host = testHost([{ key: "shop", name: "Shop", url: modern.url, connectTimeoutMs: 30_000 }], { fetch: slow });
    opened(modern);
    opened(host);
    const opening = host.open();
    await waitFor(() => asked === 1);
    host.advance(5_000);
    await waitFor(() => initialized.length === 1);
    wake();
    expect((await opening).tools.map(({ name }) => name)).toEqual(["shop__act"]);
  });

  it("with revisions that are newer than ours is no server of the legacy era", async () => {
    const server = await scriptedServer({
      "server/discover": (response, { id }) => json(response, { jsonrpc: "2.0", id, error: unsupported("2027-01-01") }),
    });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, transport: "streamable-http" }]);
    opened(server);
    opened(host);
    expect((await host.open()).unavailable).toHaveLength(1);
    expect(server.count("initialize")).toBe(0);
  });

  it("well, but knows no initialize either, is no MCP server", async () => {
    const server = await scriptedServer({ "server/discover": status(500), initialize: status(500) });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, transport: "streamable-http" }]);
    opened(server);
    opened(host);
    expect((await host.open()).unavailable).toMatchObject([{ cause: expect.stringContaining("500") as string }]);
    expect(server.count("initialize")).toBe(1);
  });
});

describe("the era of a server", () => {
  it("legacy is never asked for the modern one", async () => {
    const server = await scriptedServer();
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, protocol: "legacy" }]);
    opened(server);
    opened(host);
    expect(await toolOf(await host.open(), "shop__act").call({}, callContext({}))).toMatchObject({ outcome: "ok" });
    expect(server.count("server/discover")).toBe(0);
    expect(server.count("initialize")).toBe(1);
  });

  it("2026-07-28 is never asked for the legacy one, and says so", async () => {
    const server = await scriptedServer();
    const host = testHost([{ key: "shop", name: "Shop", url: `${new URL(server.url).origin}/any`, protocol: "2026-07-28" }]);
    opened(server);
    opened(host);
    expect((await host.open()).unavailable).toMatchObject([
      { cause: expect.stringContaining("it does not speak revision 2026-07-28 of MCP") as string },
    ]);
    expect(server.count("server/discover")).toBe(1);
    expect(server.count("initialize")).toBe(0);
    // Nor over the transport of the legacy era.
    expect(server.count("GET")).toBe(0);
  });

  it("2026-07-28 is spoken with a server of that era", async () => {
    const server = await modernServer(withAct);
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, protocol: "2026-07-28" }]);
    opened(server);
    opened(host);
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__act"]);
  });
});
