/** An answer that came is read, or said to be unreadable, at once: nobody waits for what is there. */
import { describe, expect, it } from "vitest";
import type { ToolResult } from "../../../server/conversation/ports/tools.ts";
import { act, opened, serve, shopHost } from "../../support/mcp-opened.ts";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { eventStream, json, type Answer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

const done = { content: [{ type: "text", text: "done" }] };
const ok = { outcome: "ok", content: [{ kind: "text", text: "done" }] };
const failed = (text: string): object => ({ outcome: "failed", content: [{ kind: "text", text }] });
const unknown = (why: string): object => ({ outcome: "unknown", cause: expect.stringContaining(why) as string });

/** What a server writes for an id, and what is right. */
const ODD: readonly (readonly [string, (id: unknown) => unknown, object])[] = [
  ["_meta null", (id) => ({ jsonrpc: "2.0", id, result: { ...done, _meta: null } }), ok],
  ["_meta a text", (id) => ({ jsonrpc: "2.0", id, result: { ...done, _meta: "none" } }), ok],
  ["_meta a list", (id) => ({ jsonrpc: "2.0", id, result: { ...done, _meta: [] } }), ok],
  ["error null beside the result", (id) => ({ jsonrpc: "2.0", id, error: null, result: done }), ok],
  ["members of its own", (id) => ({ jsonrpc: "2.0", id, result: done, took: 5, method: null }), ok],
  ["no version of JSON-RPC", (id) => ({ id, result: done }), ok],
  ["another version of JSON-RPC", (id) => ({ jsonrpc: "1.0", id, result: done, error: null }), ok],
  ["the id as a text", (id) => ({ jsonrpc: "2.0", id: String(id), result: done }), ok],
  ["a list of one", (id) => [{ jsonrpc: "2.0", id, result: done }], ok],
  [
    "a list with more",
    (id) => [
      { jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "…" } },
      { jsonrpc: "2.0", id, result: done },
    ],
    ok,
  ],
  [
    "result null beside the error",
    (id) => ({ jsonrpc: "2.0", id, result: null, error: { code: -32000, message: "Sold out" } }),
    failed("Sold out"),
  ],
  ["an error that is a text", (id) => ({ jsonrpc: "2.0", id, error: "Sold out" }), failed("Sold out")],
  ["the code of an error as a text", (id) => ({ jsonrpc: "2.0", id, error: { code: "-32000", message: "Sold out" } }), failed("Sold out")],
  ["an error without a code", (id) => ({ jsonrpc: "2.0", id, error: { message: "Sold out" } }), failed("Sold out")],
  ["an error without a text", (id) => ({ jsonrpc: "2.0", id, error: { code: 5, message: null } }), failed("the error has no text")],
  ["data null in an error", (id) => ({ jsonrpc: "2.0", id, error: { code: 5, message: "Sold out", data: null } }), failed("Sold out")],
  ["a result null", (id) => ({ jsonrpc: "2.0", id, result: null }), unknown("cannot be read")],
  ["a result that is a text", (id) => ({ jsonrpc: "2.0", id, result: "done" }), unknown("cannot be read")],
  ["a result that is a list", (id) => ({ jsonrpc: "2.0", id, result: [] }), unknown("cannot be read")],
  ["neither result nor error", (id) => ({ jsonrpc: "2.0", id }), unknown("cannot be read")],
  ["a result and an error", (id) => ({ jsonrpc: "2.0", id, result: done, error: { code: 5, message: "Sold out" } }), unknown("at once")],
];

describe.each<[string, (body: unknown) => Answer]>([
  [
    "in one piece",
    (body) =>
      (response, { id }) =>
        json(response, (body as (id: unknown) => unknown)(id)),
  ],
  [
    // It stays open: nobody may wait for its end.
    "in a stream that stays open",
    (body) =>
      (response, { id }) =>
        eventStream(response)((body as (id: unknown) => unknown)(id)),
  ],
])("an answer %s", (_form, answered) => {
  it.each(ODD)("with %s", async (_odd, body, expected) => {
    const server = await serve({ "tools/call": answered(body) });
    const mine = shopHost(server, { callTimeoutMs: 60_000 });
    expect(await act(mine)).toMatchObject(expected);
    expect(server.count("tools/call")).toBe(1);
    // It was not given up, so there was nothing to take back.
    expect(server.count("notifications/cancelled")).toBe(0);
  });
});

it("an answer of a program", async () => {
  const bodies = ODD.map(([, body]) => body(4711));
  const script = `
    const bodies = ${JSON.stringify(bodies)};
    const say = (text) => process.stdout.write(text + "\\n");
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const { id, method, params } = JSON.parse(line);
      const answer = (result) => say(JSON.stringify({ jsonrpc: "2.0", id, result, error: null }));
      if (method === "initialize") {
        process.stdout.write("\\ufeff");
        answer({ protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" }, _meta: null });
      } else if (method === "tools/list") answer({ tools: [{ name: "act", inputSchema: { type: "object" } }], _meta: null });
      else if (method === "tools/call") say(JSON.stringify(bodies[params.arguments.n]).replaceAll("4711", JSON.stringify(id)));
    });`;
  const host = opened(
    testHost([
      { key: "local", name: "Local", command: process.execPath, args: ["-e", script], connectTimeoutMs: 60_000, callTimeoutMs: 60_000 },
    ]),
  );
  const tool = toolOf(await host.open(), "local__act");
  const results: ToolResult[] = [];
  for (const n of ODD.keys()) results.push(await tool.call({ n }, callContext()));
  for (const [n, [odd, , expected]] of ODD.entries()) expect(results[n], odd).toMatchObject(expected);
});

describe("a request that connects", () => {
  it.each<[string, Answer]>([
    ["whose stream ends without an answer", (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end()],
    ["that is taken and never answered", (response) => void response.writeHead(202).end()],
    ["whose answer has another id", (response) => json(response, { jsonrpc: "2.0", id: 4711, result: {} })],
    ["whose result is none", (response, { id }) => json(response, { jsonrpc: "2.0", id, result: "hello" })],
  ])("%s is over at once", async (_how, initialize) => {
    const server = await serve({ initialize });
    const { unavailable } = await shopHost(server, { connectTimeoutMs: 600_000, transport: "streamable-http" }).open();
    expect(unavailable).toHaveLength(1);
    expect(unavailable[0]?.cause).not.toContain("not ready");
    expect(server.count("initialize")).toBe(1);
  });
});

describe("an answer that belongs to another request ends the call at once", () => {
  it.each<[string, unknown]>([
    ["another id", 4711],
    ["no id", undefined],
    ["an id that is none", null],
  ])("%s", async (_how, id) => {
    const server = await serve({ "tools/call": (response) => json(response, { jsonrpc: "2.0", id, result: done }) });
    expect(await act(shopHost(server, { callTimeoutMs: 600_000 }))).toMatchObject({ outcome: "unknown" });
    await waitFor(() => server.count("tools/call") === 1);
  });
});

describe("the text of a refusal is kept", () => {
  const refusal =
    (status: number, body: unknown): Answer =>
    (response, { id }) =>
      void response
        .writeHead(status, { "content-type": typeof body === "function" ? "application/json" : "text/plain" })
        .end(typeof body === "function" ? JSON.stringify((body as (id: unknown) => unknown)(id)) : body);
  const error = { code: -32602, message: "No such order" };

  it.each([400, 404, 409, 422, 429, 500, 503])("of an error with our id and HTTP %i, which is an answer", async (status) => {
    const server = await serve({
      "tools/call": refusal(status, (id: unknown) => ({ jsonrpc: "2.0", id, error })),
      initialize: (response, { id }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          result: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } },
        }),
    });
    expect(await act(shopHost(server))).toEqual({
      outcome: "failed",
      content: [{ kind: "text", text: "No such order" }],
      cause: "Shop answered with error -32602: No such order",
    });
    expect(server.count("tools/call")).toBe(1);
  });

  it.each([400, 422])("of an error without an id and HTTP %i", async (status) => {
    const server = await serve({ "tools/call": refusal(status, () => ({ jsonrpc: "2.0", id: null, error })) });
    expect(await act(shopHost(server))).toMatchObject(failed("No such order"));
  });

  it.each([
    ["a text", "The order book is closed.\nat line 5", "The order book is closed"],
    ["what FastAPI says", JSON.stringify({ detail: [{ loc: ["body"], msg: "Field required" }] }), "Field required"],
    ["a problem", JSON.stringify({ title: "Bad Request", detail: "The order book is closed" }), "The order book is closed"],
  ])("of %s, for the model and staff", async (_kind, body, said) => {
    const server = await serve({ "tools/call": refusal(400, body) });
    const result = await act(shopHost(server));
    expect(result).toMatchObject({ outcome: "failed", cause: expect.stringContaining(said) as string });
    expect(JSON.stringify(result.content)).toContain(said);
  });

  it("of a server in trouble that names no request, whose call is unknown", async () => {
    const server = await serve({ "tools/call": refusal(500, () => ({ jsonrpc: "2.0", id: null, error })) });
    const result = await act(shopHost(server));
    expect(result).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("No such order") as string });
    expect(JSON.stringify(result.content)).toContain("No such order");
  });

  it("but not of a page, nor our own secrets", async () => {
    const secret = "sk-live-0123456789";
    const server = await serve({ "tools/call": refusal(400, `The key ${secret} is wrong`) });
    const result = await act(shopHost(server, { headers: { authorization: `Bearer ${secret}` } }));
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(result.cause).toContain("[secret]");
    const page = await serve({ "tools/call": refusal(400, "<!doctype html><title>Sorry</title>") });
    expect((await act(shopHost(page))).cause).toBe(`Shop at http://127.0.0.1:${page.port}: it answered with HTTP 400`);
  });
});
