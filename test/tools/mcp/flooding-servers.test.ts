import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { CallContext, ToolResult } from "../../../server/conversation/ports/tools.ts";
import type { RemoteServerSettings } from "../../../server/tools/mcp/servers/settings.ts";
import { opened } from "../../support/mcp-opened.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { eventStream, json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

const SECRET = "never-to-be-seen-99";

async function hostOf(
  script: Record<string, Answer>,
  settings: Partial<RemoteServerSettings> = {},
): Promise<{ server: ScriptedServer; host: TestHost }> {
  const server = await scriptedServer(script);
  const host = testHost([{ key: "shop", name: "Shop", url: server.url, ...settings }]);
  opened(server);
  opened(host);
  return { server, host };
}
const act = async (host: TestHost, context: Partial<CallContext> = {}): Promise<ToolResult> =>
  toolOf(await host.open(), "shop__act").call({}, callContext(context));

function tokenOf(params: Record<string, unknown> | undefined): unknown {
  return (params?.["_meta"] as { progressToken: unknown } | undefined)?.progressToken;
}

describe("a server that floods", () => {
  it("us with notifications is let go, and called again when it is needed", async () => {
    let ended = false;
    const { host, server } = await hostOf({
      GET: (response) => {
        // Once: a second flood could reach its end in the middle of the call, whose fate would then be unknown.
        if (ended) return void response.writeHead(405).end();
        const send = eventStream(response);
        const timer = setInterval(() => {
          for (let sent = 0; sent < 500; sent += 1) send({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
        }, 5);
        response.on("close", () => {
          clearInterval(timer);
          ended = true;
        });
      },
    });
    await host.open();
    await waitFor(() => ended);
    expect(await act(host)).toMatchObject({ outcome: "ok" });
    expect(server.count("initialize")).toBeGreaterThan(1);
  });

  it("us with requests of its own is let go", async () => {
    let ended = false;
    const { host } = await hostOf({
      GET: (response) => {
        const send = eventStream(response);
        for (let id = 0; id < 5_000; id += 1)
          send({ jsonrpc: "2.0", id, method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } });
        response.on("close", () => void (ended = true));
      },
    });
    await host.open();
    await waitFor(() => ended);
  });

  it.each(["elicitation/create", "sampling/createMessage"])("us with %s in a call is let go, and holds few connections", async (method) => {
    const params = { message: "?", requestedSchema: { type: "object", properties: {} }, messages: [], maxTokens: 1 };
    const held: ServerResponse[] = [];
    const { host } = await hostOf({
      "tools/call": (response) => {
        const send = eventStream(response);
        for (let id = 0; id < 900; id += 1) send({ jsonrpc: "2.0", id: `q${id}`, method, params });
      },
      // Our answers: each is a request of its own, and this server takes its time with them.
      POST: (response) => void held.push(response),
    });
    expect(await act(host)).toMatchObject({ outcome: "unknown" });
    expect(held.length).toBeLessThanOrEqual(40);
    for (const response of held) response.end();
  });

  it("us with nothing, but takes many requests back, is heard on", async () => {
    const params = { message: "?", requestedSchema: { type: "object", properties: {} } };
    const { host } = await hostOf({
      "tools/call": (response, { id }) => {
        const send = eventStream(response);
        for (let asked = 0; asked < 100; asked += 1) {
          send({ jsonrpc: "2.0", id: `q${asked}`, method: "elicitation/create", params });
          send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: `q${asked}` } });
        }
        send({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } });
        response.end();
      },
      POST: (response) => void response.writeHead(202).end(),
    });
    expect(await act(host)).toMatchObject({ outcome: "ok" });
  });

  it("a call with progress lets others have their turn, and the call ends well", async () => {
    const { host } = await hostOf({
      "tools/call": (response, { id, params }) => {
        const send = eventStream(response);
        const progressToken = tokenOf(params);
        for (let progress = 1; progress <= 20_000; progress += 1)
          send({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress, message: "x".repeat(100) } });
        send({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } });
        response.end();
      },
    });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    let before: number | undefined;
    const answer = await act(host, { onProgress: () => (before ??= turns) });
    clearInterval(timer);
    expect(answer).toMatchObject({ outcome: "ok" });
    expect(turns - (before ?? 0)).toBeGreaterThan(10);
  });

  it("the log with unusable tools fills ten lines of it", async () => {
    const tools = Array.from({ length: 500 }, (_, index) => tool(`hidden\u202E${index}`));
    const { host } = await hostOf({ "tools/list": result({ tools }) });
    await host.open();
    expect(host.warnings.length).toBeLessThanOrEqual(11);
  });

  it("the prompt with descriptions costs its own tools only", async () => {
    const tools = Array.from({ length: 1_900 }, (_, index) => tool(`t${index}`, { description: "d".repeat(4_000) }));
    const { host } = await hostOf({ "tools/list": result({ tools }) });
    expect(await host.open()).toMatchObject({ tools: [], unavailable: [{ cause: expect.stringContaining("larger than") as string }] });
  });
});

describe("a server that echoes our secret", () => {
  const settings = { headers: { Authorization: `Bearer ${SECRET}` } };
  const told: Answer = (response, { id }) =>
    json(response, {
      jsonrpc: "2.0",
      id,
      result: { content: [{ type: "text", text: `you sent Bearer ${SECRET}` }], structuredContent: { deep: [{ SECRET }] } },
    });
  const refused: Answer = (response, { id }) => json(response, { jsonrpc: "2.0", id, error: { code: -32000, message: `bad: ${SECRET}` } });

  it.each([
    ["in a result", told],
    ["in an error", refused],
    ["in an HTTP error", (response) => response.writeHead(500).end(SECRET)],
  ] satisfies [string, Answer][])("%s does not tell it to anybody", async (_where, answer) => {
    const { host } = await hostOf({ "tools/call": answer }, settings);
    const said = await act(host);
    expect(said.content.length).toBeGreaterThan(0);
    expect(JSON.stringify([said, host.warnings])).not.toContain(SECRET);
  });

  it("in its progress, its list or its greeting does not tell it to anybody", async () => {
    const told: unknown[] = [];
    const { host } = await hostOf(
      {
        "tools/list": result({ tools: [tool("act", { title: SECRET, description: `use ${SECRET}` })] }),
        "tools/call": (response, { id, params }) => {
          const send = eventStream(response);
          const progressToken = tokenOf(params);
          send({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress: 1, message: SECRET } });
          send({ jsonrpc: "2.0", id, result: { content: [] } });
          response.end();
        },
      },
      settings,
    );
    const toolbox = await host.open();
    await act(host, { onProgress: (progress) => void told.push(progress) });
    expect(told).toHaveLength(1);
    expect(JSON.stringify([toolbox, told])).not.toContain(SECRET);
    const rude = await hostOf({ initialize: refused, "server/discover": refused }, settings);
    expect(JSON.stringify([await rude.host.open(), rude.host.warnings])).not.toContain(SECRET);
  });
});
