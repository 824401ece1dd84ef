import { onTestFinished, describe, expect, it } from "vitest";
import { mcpServersRoutes } from "../../../server/http/api/routes/mcp-servers-routes.ts";
import { mcpToolsRoutes } from "../../../server/http/api/routes/mcp-tools-routes.ts";
import { freePort } from "../../support/mcp-everything.ts";
import { eventStream, json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { testRegistry, type TestRegistry } from "../../setup/registry-harness.ts";
import { ask, startApi, type Answer as HttpAnswer } from "./api-harness.ts";

interface Desk {
  readonly registry: TestRegistry;
  admin(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  as(role: "owner" | "support", method: string, path: string, body?: unknown): Promise<HttpAnswer>;
}

async function desk(): Promise<Desk> {
  const registry = await testRegistry();
  const api = await startApi([...mcpServersRoutes(registry), ...mcpToolsRoutes(registry)], { bodyBytes: 100_000 });
  const as = (role: string, method: string, path: string, more: { body?: unknown; headers?: Readonly<Record<string, string>> }) =>
    ask(`${api.url}${path}`, method, {
      ...(more.body === undefined ? {} : { body: more.body }),
      headers: { Authorization: `Bearer ${role}`, ...more.headers },
    });
  return {
    registry,
    admin: (method, path, body, headers = {}) => as("admin", method, path, { body, headers }),
    as: (role, method, path, body) => as(role, method, path, { body }),
  };
}

async function scripted(script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}

const at = (version: number): Readonly<Record<string, string>> => ({ "If-Match": `"${version}"` });

describe("the life of a server over the API", () => {
  it("is set up, read, changed and deleted", async () => {
    const { url } = await scripted();
    const { admin } = await desk();
    const made = await admin("POST", "/mcp-servers", { key: "orders", url });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe("/api/v1/mcp-servers/orders");
    expect(made.json).toMatchObject({ key: "orders", status: { status: "connected" }, found: [{ name: "act", modelName: "orders__act" }] });
    const tag = made.headers.get("etag") ?? "";

    const read = await admin("GET", "/mcp-servers/orders");
    expect(read.headers.get("etag")).toBe(tag);
    expect((await admin("PATCH", "/mcp-servers/orders", { name: "x" })).status).toBe(428);
    const changed = await admin("PATCH", "/mcp-servers/orders", { name: "Order desk" }, { "If-Match": tag });
    expect(changed.json).toMatchObject({ name: "Order desk" });
    expect((await admin("PATCH", "/mcp-servers/orders", { name: "x" }, { "If-Match": tag })).json).toMatchObject({
      code: "version-changed",
    });

    expect((await admin("GET", "/mcp-servers")).json).toMatchObject({ items: [{ key: "orders", name: "Order desk" }] });
    expect((await admin("DELETE", "/mcp-servers/orders", undefined, { "If-Match": changed.headers.get("etag") ?? "" })).status).toBe(204);
    expect((await admin("GET", "/mcp-servers/orders")).json).toMatchObject({ status: 404, code: "not-found" });
  });

  it("a repeated create with the same key makes one", async () => {
    const server = await scripted();
    const { admin } = await desk();
    const body = { key: "orders", url: server.url };
    const key = { "Idempotency-Key": "one-two-three-four" };
    const first = await admin("POST", "/mcp-servers", body, key);
    const again = await admin("POST", "/mcp-servers", body, key);
    expect(again.json).toEqual(first.json);
    expect(server.count("tools/list")).toBe(1);
    expect((await admin("POST", "/mcp-servers", body)).json).toMatchObject({ status: 409, code: "already-exists" });
  });

  it("pages follow each other", async () => {
    const { url } = await scripted();
    const { admin } = await desk();
    for (const key of ["a", "b", "c"]) await admin("POST", "/mcp-servers", { key, url });
    const first = await admin("GET", "/mcp-servers?limit=2");
    expect(first.json).toMatchObject({ items: [{ key: "a" }, { key: "b" }] });
    const second = await admin("GET", `/mcp-servers?limit=2&cursor=${String(first.json["next"])}`);
    expect(second.json).toMatchObject({ items: [{ key: "c" }] });
    expect(second.json["next"]).toBeUndefined();
  });

  it("faults are told with their places", async () => {
    const { admin } = await desk();
    const refused = await admin("POST", "/mcp-servers", { key: "http", url: "nowhere", command: "npx", headers: { Host: "x" } });
    expect(refused.status).toBe(422);
    const errors = refused.json["errors"] as { path: string; message: string }[];
    expect(errors.map(({ path }) => path).toSorted()).toEqual(["/command", "/headers/Host", "/key", "/url"]);
    expect(errors.find(({ path }) => path === "/command")?.message).toContain("configuration file");
  });

  it("another address asks for the secrets again", async () => {
    const [first, second] = [await scripted(), await scripted()];
    const { admin } = await desk();
    await admin("POST", "/mcp-servers", { key: "orders", url: first.url, headers: { Authorization: "Bearer abc" } });
    const refused = await admin("PATCH", "/mcp-servers/orders", { url: second.url }, at(1));
    expect(refused.json).toMatchObject({ code: "invalid", errors: [{ in: "body", path: "/headers/Authorization" }] });
    const moved = await admin("PATCH", "/mcp-servers/orders", { url: second.url, headers: { Authorization: "Bearer def" } }, at(1));
    expect(moved.json).toMatchObject({ status: { status: "connected" } });
    expect(JSON.stringify(second.requests)).not.toContain("Bearer abc");
  });

  it("a test says how the server is now", async () => {
    const server = await scripted();
    const { admin } = await desk();
    await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    await server.close();
    const tested = await admin("POST", "/mcp-servers/orders/test");
    expect(tested.json).toMatchObject({ status: { status: "disconnected", reason: "server-not-found" }, found: [{ name: "act" }] });
    expect((await admin("POST", "/mcp-servers/nobody/test")).status).toBe(404);
  });
});

describe("tools over the API", () => {
  it("have names with any characters, are turned off, tried out, and accepted by their hash", async () => {
    const name = "läs/das ö?#%";
    let description = "First.";
    const server = await scripted({
      "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: [tool(name, { description })] } }),
    });
    const { admin } = await desk();
    await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    const path = `/mcp-servers/orders/tools/${encodeURIComponent(name)}`;
    expect((await admin("GET", path)).json).toMatchObject({ name, description: "First.", state: "accepted" });
    expect((await admin("PATCH", path, { enabled: false })).json).toMatchObject({ enabled: false, offered: false });
    expect((await admin("PATCH", path, { enabled: true })).json).toMatchObject({ enabled: true, offered: true });
    expect((await admin("POST", `${path}/call`, { arguments: {} })).json).toMatchObject({
      outcome: "ok",
      content: [{ kind: "text", text: "done" }],
      durationMs: expect.any(Number) as number,
    });

    description = "Second.";
    const tested = await admin("POST", "/mcp-servers/orders/test");
    expect(tested.json).toMatchObject({ tools: { changed: 1 }, found: [{ state: "changed", description: "First." }] });
    const { change } = (await admin("GET", path)).json as { change: { hash: string; difference: { text: string }[] } };
    expect(change.difference).toEqual([
      { path: "/description", before: "First.", after: "Second.", text: '/description: "First." → "Second."' },
    ]);
    expect((await admin("POST", `${path}/accept`, { hash: "0".repeat(64) })).status).toBe(412);
    expect((await admin("POST", `${path}/accept`, { hash: change.hash })).json).toMatchObject({
      state: "accepted",
      description: "Second.",
    });
    expect((await admin("GET", "/mcp-servers/orders/tools")).json).toMatchObject({ items: [{ name, state: "accepted" }] });
  });

  it("an error of the tool, and arguments that do not fit, are results of the test", async () => {
    const inputSchema = { type: "object", properties: { id: { type: "integer" } }, required: ["id"] };
    const server = await scripted({
      "tools/list": result({ tools: [tool("look", { inputSchema })] }),
      "tools/call": result({ isError: true, content: [{ type: "text", text: "no such order" }] }),
    });
    const { admin } = await desk();
    await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    const call = (input: object) => admin("POST", "/mcp-servers/orders/tools/look/call", { arguments: input });
    expect((await call({ id: 1 })).json).toMatchObject({ outcome: "failed", content: [{ text: "no such order" }] });
    expect((await call({ id: "one" })).json).toMatchObject({ outcome: "refused", cause: expect.stringContaining("id") as string });
    expect(server.count("tools/call")).toBe(1);
  });
});

describe("import and export over the API", () => {
  it("tells of each entry, and gives out no secret", async () => {
    const { url } = await scripted();
    const { admin } = await desk();
    const document = { mcpServers: { Orders: { url, headers: { "X-Key": "header-secret" } }, local: { command: "npx" } } };
    const dry = await admin("POST", "/mcp-servers/import", { document, dryRun: true });
    expect(dry.json).toMatchObject({ entries: [{ outcome: "would-create", key: "orders" }, { outcome: "refused" }] });
    const done = await admin("POST", "/mcp-servers/import", { document });
    expect(done.json).toMatchObject({ entries: [{ outcome: "created", server: { key: "orders" } }, { outcome: "refused" }] });
    for (const format of ["mcpServers", "vapi"]) {
      const exported = await admin("GET", `/mcp-servers/export?format=${format}`);
      expect(exported.status).toBe(200);
      expect(exported.text).toContain("${ORDERS_X_KEY}");
      expect(exported.text).not.toContain("header-secret");
    }
  });
});

describe("who may, over the API", () => {
  it.each<[string, string, unknown]>([
    ["GET", "/mcp-servers", undefined],
    ["POST", "/mcp-servers", {}],
    ["POST", "/mcp-servers/import", {}],
    ["GET", "/mcp-servers/export", undefined],
    ["GET", "/mcp-servers/orders", undefined],
    ["PATCH", "/mcp-servers/orders", {}],
    ["DELETE", "/mcp-servers/orders", undefined],
    ["POST", "/mcp-servers/orders/test", undefined],
    ["GET", "/mcp-servers/orders/tools", undefined],
    ["PATCH", "/mcp-servers/orders/tools/act", {}],
    ["POST", "/mcp-servers/orders/tools/act/accept", {}],
    ["POST", "/mcp-servers/orders/tools/act/call", {}],
  ])("support staff may not %s %s", async (method, path, body) => {
    const { as } = await desk();
    expect((await as("support", method, path, body)).json).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("an owner finds no server that is not theirs, and may use what is open to everyone, not change it", async () => {
    const { url } = await scripted();
    const { admin, as } = await desk();
    await admin("POST", "/mcp-servers", { key: "orders", url });
    expect((await as("owner", "GET", "/mcp-servers")).json).toEqual({ items: [] });
    expect((await as("owner", "GET", "/mcp-servers/orders/tools/act")).status).toBe(404);
    await admin("PATCH", "/mcp-servers/orders", { access: "everyone" }, at(1));
    expect((await as("owner", "GET", "/mcp-servers")).json).toMatchObject({ items: [{ key: "orders" }] });
    expect((await as("owner", "PATCH", "/mcp-servers/orders/tools/act", { enabled: false })).status).toBe(403);
  });
});

describe("a hostile server, while it is set up", () => {
  /** Time enough on the busiest machine. */
  const PATIENT_MS = 20_000;
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const raw =
    (tools: string): Answer =>
    (response, { id }) =>
      void response
        .writeHead(200, { "content-type": "application/json" })
        .end(`{"jsonrpc":"2.0","id":${String(id)},"result":{"tools":${tools}}}`);

  it.each<[string, Record<string, Answer>, object, number]>([
    [
      "a huge list",
      { "tools/list": result({ tools: [tool("a", { description: "x".repeat(9 * 1024 * 1024) })] }) },
      { reason: "protocol-error" },
      PATIENT_MS,
    ],
    ["pages without end", { "tools/list": result({ tools: [tool("a")], nextCursor: "again" }) }, { reason: "protocol-error" }, PATIENT_MS],
    ["a list that never comes", { "tools/list": () => undefined }, { reason: "connection-failed" }, 300],
    [
      "a list that never ends",
      { "tools/list": (response, { id }) => eventStream(response)({ jsonrpc: "2.0", method: "x", id: `${String(id)}x` }) },
      { status: "disconnected" },
      300,
    ],
    [
      "somebody else's id",
      { "tools/list": (response) => json(response, { jsonrpc: "2.0", id: 4711, result: { tools: [] } }) },
      { status: "disconnected" },
      300,
    ],
    [
      "a page that is too deep",
      { "tools/list": raw(`[{"name":"a","inputSchema":{"type":"object","x":${deep}}},{"name":"b","inputSchema":{"type":"object"}}]`) },
      { status: "connected" },
      PATIENT_MS,
    ],
  ])("%s: it is kept, with its reason, and the API goes on", async (_, script, status, connectTimeoutMs) => {
    const server = await scripted(script);
    const { admin } = await desk();
    const made = await admin("POST", "/mcp-servers", { key: "orders", url: server.url, connectTimeoutMs });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ status });
    expect((await admin("GET", "/mcp-servers/orders")).status).toBe(200);
  });

  it("names that objects have, names that become equal, control characters and foreign references stay what they are", async () => {
    const tools = JSON.stringify([
      { name: "a.b", inputSchema: { type: "object" } },
      { name: "a b", inputSchema: { type: "object" } },
      { name: "a_b", inputSchema: { type: "object" } },
      { name: "twice", inputSchema: { type: "object" } },
      { name: "twice", inputSchema: { type: "object" }, description: "another" },
      { name: "bell\u0007", inputSchema: { type: "object" } },
      { name: "__proto__", inputSchema: { type: "object" } },
      { name: "refers", inputSchema: { type: "object", properties: { a: { $ref: "http://127.0.0.1:9/x.json" } } } },
    ]).replace(
      '{"name":"a_b","inputSchema":{"type":"object"}}',
      '{"name":"a_b","inputSchema":{"type":"object","properties":{"__proto__":{"type":"string"}}}}',
    );
    const server = await scripted({ "tools/list": raw(tools) });
    const { admin } = await desk();
    const made = await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    const found = made.json["found"] as { name: string; modelName: string }[];
    expect(found.map(({ name }) => name)).toEqual(["__proto__", "a b", "a.b", "a_b", "refers", "twice"]);
    expect(new Set(found.map(({ modelName }) => modelName)).size).toBe(6);
    expect(made.json["leftOut"]).toEqual([
      { tool: "twice", reason: "another tool has the same name" },
      { tool: "bell\u0007", reason: "its name has characters that cannot be seen" },
    ]);
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined();
    expect((await admin("GET", "/mcp-servers/orders/tools/__proto__")).json).toMatchObject({ name: "__proto__" });
    const call = await admin("POST", "/mcp-servers/orders/tools/refers/call", { arguments: { a: 1 } });
    expect(call.json).toMatchObject({ outcome: "refused", cause: expect.stringContaining("not fetched") as string });
    expect(server.count("tools/call")).toBe(0);
  });

  it("that says our key back does not get it into an answer, the status or the audit log", async () => {
    const secret = "header-secret-0123456789";
    const server = await scripted({
      "tools/list": result({ tools: [tool("act", { description: `Your key is ${secret}.` })] }),
      "tools/call": (response, { id }) => json(response, { jsonrpc: "2.0", id, error: { code: -32000, message: `bad key ${secret}` } }),
    });
    const { admin, registry } = await desk();
    const made = await admin("POST", "/mcp-servers", { key: "orders", url: server.url, headers: { Authorization: `Bearer ${secret}` } });
    const call = await admin("POST", "/mcp-servers/orders/tools/act/call", {});
    const kept = await registry.everythingKept();
    expect(`${made.text}${call.text}${kept}`).not.toContain(secret);
    expect(call.json).toMatchObject({ outcome: "failed" });
  });

  it("at an address that is not allowed is never asked", async () => {
    const { admin } = await desk();
    const urls = [
      "http://169.254.169.254/latest",
      "http://10.0.0.1/mcp",
      `http://127.0.0.2:${await freePort()}/mcp`,
      "http://[::1]:80/mcp",
    ];
    for (const [index, url] of urls.entries()) {
      const made = await admin("POST", "/mcp-servers", { key: "abcd"[index], url });
      expect(made.json).toMatchObject({
        status: { reason: "connection-failed", advice: expect.stringContaining("network.allowPrivate") as string },
      });
    }
  });
});
