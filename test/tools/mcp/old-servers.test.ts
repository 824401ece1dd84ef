/** A server that does not know the question of the modern era may answer it in any way. `initialize` is asked all the same. */
import { describe, expect, it } from "vitest";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { opened } from "../../support/mcp-opened.ts";
import { json, scriptedServer, type Answer } from "../../support/mcp-scripted-server.ts";

const error = { code: -32000, message: "Unknown method" };
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
    // What was found out is remembered.
    await host.open("conversation-2");
    expect(server.count("server/discover")).toBeLessThanOrEqual(1);
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
