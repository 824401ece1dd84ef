/** Tools that are tried out, and servers before they are saved, over the API. */
import { describe, expect, it } from "vitest";
import { eventStream, json, result, tool } from "../../support/mcp-scripted-server.ts";
import type { Prober } from "../../../server/tools/probe/prober.ts";
import { ADMIN, SIGNAL, testRegistry } from "../../setup/registry-harness.ts";
import { scripted, serversApi } from "./mcp-servers-harness.ts";

const SECRET = "Bearer very-secret-token";
const inputSchema = {
  type: "object",
  properties: { id: { type: "integer" }, note: { type: "string" }, place: { type: "object", properties: { zip: { type: "string" } } } },
  required: ["id"],
};

async function withTool(script: Parameters<typeof scripted>[0] = {}) {
  const server = await scripted({ "tools/list": result({ tools: [tool("look", { inputSchema }), tool("plain")] }), ...script });
  const api = await serversApi();
  await api.admin("POST", "/mcp-servers", { key: "orders", url: server.url, headers: { Authorization: SECRET } });
  const attempt = (body: object = {}, name = "look") => api.admin("POST", `/mcp-servers/orders/tools/${name}/try`, body);
  return { server, ...api, attempt };
}

describe("a tool that is tried out", () => {
  it("shows its result, its times and what was said, without our credentials", async () => {
    const { server, attempt, registry } = await withTool({
      "tools/call": (response, { id }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          result: { content: [{ type: "text", text: `you sent ${SECRET}` }], structuredContent: { found: 1 }, isError: true },
        }),
    });
    const { status, json: body, text } = await attempt({ arguments: { id: 7 } });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        outcome: "failed",
        isError: true,
        structured: { found: 1 },
        timing: { connectMs: expect.any(Number), firstByteMs: expect.any(Number), callMs: expect.any(Number), wholeMs: expect.any(Number) },
        headers: ["Authorization"],
        leftOutMessages: 0,
      },
    });
    const { messages } = body as { messages: { direction: string; message: { method?: string; params?: unknown } }[] };
    const sent = messages.find(({ message }) => message.method === "tools/call");
    expect(sent).toMatchObject({ direction: "sent", message: { params: { name: "look", arguments: { id: 7 } } } });
    expect(messages.at(-1)).toMatchObject({ direction: "received", message: { result: { isError: true } } });
    expect(text).not.toContain("very-secret-token");
    expect(server.count("tools/call")).toBe(1);
    const kept = await registry.documents.listAudit({ limit: 1, filter: {} });
    expect(kept[0]).toMatchObject({ action: "server-tool.try", target: { id: "orders/look" }, after: { outcome: "failed" } });
    expect(JSON.stringify(kept[0])).not.toContain("found");
  });

  it("without arguments sends {}, and nothing that was left alone", async () => {
    const { server, attempt } = await withTool();
    expect((await attempt({}, "plain")).json).toMatchObject({ outcome: "ok", isError: false });
    const call = server.requests.find(({ message }) => message?.method === "tools/call");
    expect(call?.message?.params?.["arguments"]).toEqual({});
  });

  it("arguments that do not fit are told at their places, and nothing is sent", async () => {
    const { server, attempt } = await withTool();
    const refused = await attempt({ arguments: { note: 5, place: { zip: 1 } } });
    expect(refused.status).toBe(422);
    const paths = (refused.json["errors"] as { path: string }[]).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(["/arguments/id", "/arguments/note", "/arguments/place/zip"]);
    expect(server.count("tools/call")).toBe(0);
  });

  it("that is off is for those who may change its server", async () => {
    const { admin, as, attempt } = await withTool();
    await admin("PATCH", "/mcp-servers/orders", { access: "everyone" }, { "If-Match": '"1"' });
    expect((await as("owner", "POST", "/mcp-servers/orders/tools/plain/try", {})).status).toBe(200);
    await admin("PATCH", "/mcp-servers/orders/tools/plain", { enabled: false });
    expect((await as("owner", "POST", "/mcp-servers/orders/tools/plain/try", {})).status).toBe(403);
    expect((await attempt({}, "plain")).json).toMatchObject({ outcome: "ok" });
  });

  it("in quarantine is tried only when that is said, by those who may accept it, and stays there", async () => {
    const { server, admin, as, attempt } = await withTool();
    await admin("PATCH", "/mcp-servers/orders", { access: "everyone" }, { "If-Match": '"1"' });
    const changed = { ...inputSchema, required: [], properties: { name: { type: "string" } } };
    server.script["tools/list"] = result({ tools: [tool("look", { inputSchema: changed }), tool("plain")] });
    await admin("POST", "/mcp-servers/orders/test");
    expect((await attempt({ arguments: { id: 1 } })).json).toMatchObject({ code: "version-changed" });
    expect((await attempt({ arguments: { name: 1 }, acceptPending: true })).json).toMatchObject({ errors: [{ path: "/arguments/name" }] });
    const asOwner = await as("owner", "POST", "/mcp-servers/orders/tools/look/try", { acceptPending: true });
    expect(asOwner.status).toBe(403);
    expect((await attempt({ acceptPending: true })).json).toMatchObject({ outcome: "ok" });
    expect((await admin("GET", "/mcp-servers/orders/tools/look")).json).toMatchObject({ state: "changed" });
  });

  it("that asks the person behind the call ends at once, and says what it asked", async () => {
    const requestedSchema = { type: "object", properties: { size: { type: "string" } }, required: ["size"] };
    let end = (): void => undefined;
    const { attempt } = await withTool({
      "tools/call": (response, { id }) => {
        const send = eventStream(response);
        send({ jsonrpc: "2.0", id: "q1", method: "elicitation/create", params: { message: "Which size?", requestedSchema } });
        end = () => {
          send({ jsonrpc: "2.0", id, result: { content: [], isError: true } });
          response.end();
        };
      },
      // Our answer to the question.
      POST: (response) => {
        response.writeHead(202).end();
        end();
      },
    });
    const { json: body } = await attempt({ arguments: { id: 1 } });
    expect(body).toMatchObject({ outcome: "failed", isError: true, needs: { kind: "answers", questions: ["Which size?"] } });
    expect(JSON.stringify(body["messages"])).toContain('"action":"cancel"');
  });

  it("that wants a sign-in of a customer says so", async () => {
    const { url } = await scripted({
      "tools/list": result({ tools: [tool("look")] }),
      "tools/call": (response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end(),
    });
    const { admin } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "club", url, auth: { kind: "oauth" } });
    const tried = await admin("POST", "/mcp-servers/club/tools/look/try", {});
    expect(tried.json).toMatchObject({ needs: { kind: "sign-in", message: expect.stringContaining("shared account") } });
  });

  it("ends when the client goes, and when the server's time is over", async () => {
    let called = (): void => undefined;
    const isCalled = new Promise<void>((resolve) => (called = resolve));
    const { registry, admin } = await withTool({ "tools/call": () => called() });
    const gone = new AbortController();
    const trying = registry.toolTrials.try(ADMIN, { key: "orders", tool: "plain", arguments: {} }, gone.signal);
    await isCalled;
    gone.abort();
    expect(await trying).toMatchObject({ outcome: "cancelled" });
    await admin("PATCH", "/mcp-servers/orders", { callTimeoutMs: 1_000 }, { "If-Match": '"1"' });
    const late = registry.toolTrials.try(ADMIN, { key: "orders", tool: "plain", arguments: {} }, SIGNAL);
    const done = late.then(() => true);
    await expect
      .poll(async () => {
        registry.clock.move(1_000);
        return Promise.race([done, Promise.resolve(false)]);
      })
      .toBe(true);
    expect(["unknown", "failed"]).toContain((await late).outcome);
  });

  it("cannot be tried without end, in whichever way", async () => {
    const { admin, attempt, server } = await withTool();
    for (let times = 0; times < 20; times += 1) expect((await attempt({}, "plain")).status).toBe(200);
    expect((await attempt({}, "plain")).json).toMatchObject({ status: 429, code: "rate-limited" });
    expect((await admin("POST", "/mcp-servers/orders/tools/plain/call", {})).json).toMatchObject({ status: 429, code: "rate-limited" });
    expect(server.count("tools/call")).toBe(20);
  });

  it("keeps no more than the beginning of a large message", async () => {
    const { attempt } = await withTool({ "tools/call": result({ content: [{ type: "text", text: "x".repeat(100_000) }] }) });
    const { messages } = (await attempt({ arguments: { id: 1 } })).json as { messages: { bytes: number; beginning?: string }[] };
    expect(messages.at(-1)?.bytes).toBeGreaterThan(100_000);
    expect(messages.at(-1)?.beginning).toHaveLength(4_000);
  });
});

describe("a server that is not saved", () => {
  it("is looked at: transport, state and tools; nothing is kept", async () => {
    const server = await scripted({
      "tools/list": result({ tools: [tool("look", { inputSchema, annotations: { readOnlyHint: true } })] }),
    });
    const { admin, registry } = await serversApi();
    const { status, json: body, text } = await admin("POST", "/mcp-servers/test", { url: server.url, headers: { "X-Key": SECRET } });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        status: "connected",
        transport: "streamable-http",
        tools: [{ name: "look", title: "look", readOnly: true, parameters: 3 }],
        leftOut: [],
      },
    });
    expect(server.requests.some(({ headers }) => headers["x-key"] === SECRET)).toBe(true);
    expect(text).not.toContain("very-secret");
    expect((await admin("GET", "/mcp-servers")).json).toEqual({ items: [] });
    expect(await registry.everythingKept()).not.toContain("very-secret");
  });

  it("says what to do where it fails, and its faults at their places", async () => {
    const { admin } = await serversApi();
    const gone = await admin("POST", "/mcp-servers/test", { url: "http://127.0.0.1:9/mcp" });
    expect(gone.json).toMatchObject({ status: "disconnected", reason: expect.any(String), advice: expect.any(String), tools: [] });
    const far = await admin("POST", "/mcp-servers/test", { url: "http://10.0.0.1/mcp" });
    expect(far.json).toMatchObject({ status: "disconnected", advice: expect.stringContaining("allowPrivate") });
    expect((await admin("POST", "/mcp-servers/test", { url: "nowhere" })).json).toMatchObject({ errors: [{ path: "/url" }] });
    expect((await admin("POST", "/mcp-servers/test", {})).json).toMatchObject({ errors: [{ path: "/url" }] });
  });

  it("as a saved one would be: the kept secrets go to its own address only", async () => {
    const [first, second] = [await scripted(), await scripted()];
    const { admin, as } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "test", url: first.url, headers: { Authorization: SECRET } });
    first.requests.length = 0;
    expect((await admin("POST", "/mcp-servers/test", { key: "test", callTimeoutMs: 1_000 })).json).toMatchObject({ status: "connected" });
    expect(first.requests[0]?.headers.authorization).toBe(SECRET);
    expect((await admin("POST", "/mcp-servers/test", { key: "test", url: second.url })).json).toMatchObject({
      errors: [{ path: "/headers/Authorization" }],
    });
    expect((await admin("POST", "/mcp-servers/test", { key: "test", url: second.url, headers: { Authorization: null } })).status).toBe(200);
    expect(JSON.stringify(second.requests)).not.toContain("very-secret");
    expect((await admin("GET", "/mcp-servers/test")).json).toMatchObject({ key: "test" });
    // Whether there is a server that they may not use, they do not learn.
    for (const key of ["test", "nothing"]) {
      const { status, json } = await as("owner", "POST", "/mcp-servers/test", { key, url: second.url });
      expect([status, json["detail"]]).toEqual([404, `There is no MCP server "${key}".`]);
    }
    expect((await as("owner", "POST", "/mcp-servers/test", { url: second.url })).status).toBe(403);
  });

  it("at another address goes without the sign-in that is kept for the saved one", async () => {
    const keys: string[] = [];
    const prober: Prober = {
      probe: async ({ settings }) => {
        keys.push(settings.key);
        return { status: "disconnected", reason: "server-not-found", tools: [], leftOut: [] };
      },
      call: async () => Promise.reject(new Error("not here")),
    };
    const registry = await testRegistry({ prober });
    await registry.create({ key: "crm", url: "https://crm.example/mcp", auth: { kind: "oauth" } });
    keys.length = 0;
    await registry.serverTrials.test(ADMIN, { key: "crm" }, SIGNAL);
    await registry.serverTrials.test(ADMIN, { key: "crm", url: "https://evil.example/mcp" }, SIGNAL);
    await registry.serverTrials.test(ADMIN, { key: "crm_b", url: "https://crm.example/mcp", auth: { kind: "oauth" } }, SIGNAL);
    expect(keys).toEqual(["crm", "?", "?"]);
    await registry.close();
  });
});
