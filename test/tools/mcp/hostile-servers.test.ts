import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { CallContext, ToolResult } from "../../../server/conversation/ports/tools.ts";
import type { McpToolsPorts } from "../../../server/tools/mcp/mcp-tools.ts";
import type { RemoteServerSettings } from "../../../server/tools/mcp/servers/settings.ts";
import { opened } from "../../support/mcp-opened.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { eventStream, json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

/** A host with one server that behaves until it is called. */
async function hostOf(
  call: Answer,
  more: { settings?: Partial<RemoteServerSettings>; options?: Partial<McpToolsPorts>; script?: Record<string, Answer> } = {},
): Promise<{ server: ScriptedServer; host: TestHost; act: (context?: Partial<CallContext>) => Promise<ToolResult> }> {
  const server = await scriptedServer({ "tools/call": call, ...more.script });
  const host = testHost([{ key: "shop", name: "Shop", url: server.url, ...more.settings }], more.options);
  opened(server);
  opened(host);
  return { server, host, act: async (context) => toolOf(await host.open(), "shop__act").call({}, callContext(context)) };
}

describe("a call whose answer does not come is unknown", () => {
  it("when the server is silent", async () => {
    const { act, server } = await hostOf(() => undefined, { settings: { callTimeoutMs: 100 } });
    expect(await act()).toMatchObject({ outcome: "unknown", cause: "Shop sent nothing for 100 ms, or took too long altogether." });
    await waitFor(() => server.count("notifications/cancelled") === 1);
  });

  it("when the connection is cut in the middle", async () => {
    const { act, server } = await hostOf((response) => response.socket?.destroy());
    expect(await act()).toMatchObject({ outcome: "unknown" });
    expect(server.count("tools/call")).toBe(1);
  });

  it("when the stream of the answer ends without it, and at once", async () => {
    const { act } = await hostOf((response) => {
      eventStream(response)({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "…" } });
      response.end();
    });
    expect(await act()).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("broke off") as string });
  });

  it("when the answer has somebody else's id", async () => {
    const { act } = await hostOf((response) => json(response, { jsonrpc: "2.0", id: 4711, result: { content: [] } }), {
      settings: { callTimeoutMs: 100 },
    });
    expect((await act()).outcome).toBe("unknown");
  });

  it("when the answer is larger than allowed, in one piece and in one event", async () => {
    const huge = { content: [{ type: "text", text: "x".repeat(300_000) }] };
    const options = { answerBytes: 200_000 };
    const whole = await hostOf(result(huge), { options });
    expect(await whole.act()).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("larger than 195 kB") as string });
    const event = await hostOf((response, { id }) => eventStream(response)({ jsonrpc: "2.0", id, result: huge }), { options });
    expect(await event.act()).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("larger than 195 kB") as string });
  });

  it("when the answer never ends", async () => {
    const { act } = await hostOf(
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        const more = setInterval(() => response.write(`data: ${"x".repeat(10_000)}`), 1);
        response.on("close", () => clearInterval(more));
      },
      { options: { answerBytes: 200_000 } },
    );
    expect(await act()).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("larger than") as string });
  });

  it("when it is a web page, no JSON, or no result", async () => {
    for (const answer of [
      (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>"),
      (response) => response.writeHead(200, { "content-type": "application/json" }).end('{"jsonrpc":'),
      result({ content: "none" }),
      (response) => response.writeHead(502).end(),
    ] satisfies Answer[])
      expect((await (await hostOf(answer)).act()).outcome).toBe("unknown");
  });

  it("however much progress it reports, at the end of its whole time", async () => {
    let told = 0;
    const { act, host } = await hostOf(
      (response, { params }) => {
        const send = eventStream(response);
        const meta = params?.["_meta"] as { progressToken: number };
        const more = setInterval(
          () =>
            send({
              jsonrpc: "2.0",
              method: "notifications/progress",
              params: { progressToken: meta.progressToken, progress: (told += 1) },
            }),
          2,
        );
        response.on("close", () => clearInterval(more));
      },
      { settings: { callTimeoutMs: 60_000 } },
    );
    const onProgress = (): void => host.advance(30_000);
    expect((await act({ onProgress })).outcome).toBe("unknown");
    // Ten times the silence that is allowed: progress did move the limit, and did not move it for ever.
    expect(told).toBeGreaterThan(10);
  });
});

describe("a call that was refused, or did not leave, has failed", () => {
  it.each([400, 401, 403, 404, 429])("with HTTP %i", async (status) => {
    const { act } = await hostOf((response) => response.writeHead(status).end());
    expect(await act()).toMatchObject({ outcome: "failed", cause: expect.stringContaining(String(status)) as string });
  });

  it("with a JSON-RPC error, whose text the model reads", async () => {
    const { act } = await hostOf((response, { id }) =>
      json(response, { jsonrpc: "2.0", id, error: { code: -32602, message: "No such order" } }),
    );
    expect(await act()).toEqual({
      outcome: "failed",
      content: [{ kind: "text", text: "No such order" }],
      cause: "Shop answered with error -32602: No such order",
    });
  });

  it("with a result that says so", async () => {
    const { act } = await hostOf(result({ content: [{ type: "text", text: "Sold out" }], isError: true }));
    expect(await act()).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: "Sold out" }] });
  });

  it("when the server died before it", async () => {
    const { act, host, server } = await hostOf(result({ content: [] }));
    const tools = await host.open();
    await server.close();
    host.advance(11_000);
    expect(await toolOf(tools, "shop__act").call({}, callContext())).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("ECONNREFUSED") as string,
    });
    await expect(act()).rejects.toThrow("No shop__act");
  });

  it("when the server wants something and does not say what", async () => {
    const { act, server } = await hostOf((response, { id }) =>
      json(response, { jsonrpc: "2.0", id, result: { resultType: "input_required", inputRequests: {} } }),
    );
    expect(await act()).toMatchObject({ outcome: "failed", cause: "Shop: it wants something, and does not say what." });
    const initialize = server.requests.find(({ message }) => message?.method === "initialize");
    expect(initialize?.message?.params?.["capabilities"]).toEqual({
      elicitation: { form: {}, url: {} },
      extensions: { "io.modelcontextprotocol/tasks": {} },
    });
  });
});

describe("a call that is stopped is cancelled", () => {
  it("before it is sent", async () => {
    const stop = new AbortController();
    const { host, server } = await hostOf(result({ content: [] }));
    const act = toolOf(await host.open(), "shop__act");
    stop.abort();
    expect((await act.call({}, callContext({ signal: stop.signal }))).outcome).toBe("cancelled");
    expect(server.count("tools/call")).toBe(0);
  });

  it("while it runs, and the server is told which one", async () => {
    const stop = new AbortController();
    const { act, server } = await hostOf(() => undefined);
    const calling = act({ signal: stop.signal });
    await waitFor(() => server.count("tools/call") === 1);
    stop.abort();
    expect((await calling).outcome).toBe("cancelled");
    await waitFor(() => server.count("notifications/cancelled") === 1);
    const sent = server.requests.find(({ message }) => message?.method === "tools/call")?.message?.id;
    expect(server.requests.find(({ message }) => message?.method === "notifications/cancelled")?.message?.params?.["requestId"]).toBe(sent);
  });
});

describe("a result is read piece by piece", () => {
  it("keeps what it knows, of every kind, and notes the rest", async () => {
    const { act } = await hostOf(
      result({
        content: [
          { type: "text", text: "one", annotations: { audience: ["user"] } },
          { type: "audio", data: "UklGRg==", mimeType: "audio/wav" },
          { type: "resource", resource: { uri: "file:///a", blob: "AA==", mimeType: "application/pdf" } },
          { type: "hologram", depth: 3 },
          { type: "image" },
          null,
        ],
        structuredContent: JSON.parse('{"__proto__":{"polluted":true},"n":1}') as unknown,
      }),
    );
    const { outcome, content, structured } = await act();
    expect(outcome).toBe("ok");
    expect(content).toEqual([
      { kind: "text", text: "one" },
      { kind: "audio", data: "UklGRg==", mimeType: "audio/wav" },
      { kind: "resource", uri: "file:///a", blob: "AA==", mimeType: "application/pdf" },
      { kind: "text", text: '[A piece of this result could not be read and was left out: {"type":"hologram","depth":3}]' },
      { kind: "text", text: '[A piece of this result could not be read and was left out: {"type":"image"}]' },
      { kind: "text", text: "[A piece of this result could not be read and was left out: null]" },
    ]);
    expect(JSON.stringify(structured)).toBe('{"__proto__":{"polluted":true},"n":1}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("leaves out a structure so deep that nobody could walk it", async () => {
    const deep = `{"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"ok"}],"structuredContent":{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}}}`;
    const { act } = await hostOf((response, { id }) =>
      response.writeHead(200, { "content-type": "application/json" }).end(deep.replace("ID", String(id))),
    );
    const { outcome, content, structured } = await act();
    expect(outcome).toBe("ok");
    expect(structured).toBeUndefined();
    expect(content).toHaveLength(2);
  });

  it("lets the model read a structure that came without a text", async () => {
    const { act } = await hostOf(result({ content: [], structuredContent: { total: 3 } }));
    expect((await act()).content).toEqual([{ kind: "text", text: '{"total":3}' }]);
  });
});

describe("a schema made to harm", () => {
  const slow = { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } };

  it.each([
    ["refers to another document", { type: "object", properties: { a: { $ref: "http://127.0.0.1:9/x.json" } } }, "not fetched"],
    ["refers to itself", { type: "object", properties: { a: { $ref: "#/properties/a" } } }, "without end"],
    ["takes for ever", slow, "took too long"],
  ])("%s: the tool is offered, and its calls are refused with the reason", async (_, inputSchema, reason) => {
    const { host } = await hostOf(result({ content: [] }), { script: { "tools/list": result({ tools: [tool("act", { inputSchema })] }) } });
    const act = toolOf(await host.open(), "shop__act");
    expect(act.check({ a: `${"a".repeat(40)}b` })).toContain(reason);
    expect(host.warnings.at(-1)).toMatchObject({ server: "shop", tool: "act" });
  });
});

describe("a list without an end", () => {
  it("is given up", async () => {
    let page = 0;
    const { host } = await hostOf(result({ content: [] }), {
      script: {
        "tools/list": (response, { id }) =>
          json(response, { jsonrpc: "2.0", id, result: { tools: [tool(`t${(page += 1)}`)], nextCursor: String(page) } }),
      },
    });
    expect((await host.open()).unavailable[0]?.cause).toContain("do not end");
    expect(page).toBeLessThan(100);
  });
});

describe("a redirect", () => {
  it("to another origin is not followed, so that no header of ours goes there", async () => {
    const seen: string[] = [];
    const elsewhere: Server = createServer((request, response) => {
      seen.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const redirect: Answer = (response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/mcp` }).end();
    const { host } = await hostOf(redirect, {
      settings: { headers: { authorization: "Bearer secret" } },
      script: { "server/discover": redirect, initialize: redirect },
    });
    expect((await host.open()).unavailable).toHaveLength(1);
    expect(seen).toEqual([]);
    elsewhere.close();
  });
});
