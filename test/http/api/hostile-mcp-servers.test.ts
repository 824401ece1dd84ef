import { describe, expect, it } from "vitest";
import { waitFor } from "../../support/wait-for.ts";
import { endlessList, eventStream, json, result, tool, type Answer } from "../../support/mcp-scripted-server.ts";
import { scripted, serversApi } from "./mcp-servers-harness.ts";
import { freePort } from "../../support/free-port.ts";

describe("a hostile server, while it is set up", () => {
  const PATIENT_MS = 20_000;
  /** For servers whose time is over before they answer. */
  const SHORT_MS = 300;
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
    ["pages without end", { "tools/list": endlessList }, { reason: "protocol-error" }, PATIENT_MS],
    ["a list that never comes", { "tools/list": () => undefined }, { reason: "connection-failed" }, SHORT_MS],
    [
      "a list that never ends",
      { "tools/list": (response, { id }) => eventStream(response)({ jsonrpc: "2.0", method: "x", id: `${String(id)}x` }) },
      { status: "disconnected" },
      SHORT_MS,
    ],
    [
      "somebody else's id",
      { "tools/list": (response) => json(response, { jsonrpc: "2.0", id: 4711, result: { tools: [] } }) },
      { status: "disconnected" },
      SHORT_MS,
    ],
    [
      "a page that is too deep",
      { "tools/list": raw(`[{"name":"a","inputSchema":{"type":"object","x":${deep}}},{"name":"b","inputSchema":{"type":"object"}}]`) },
      { status: "connected" },
      PATIENT_MS,
    ],
  ])("%s: it is kept, with its reason, and the API goes on", async (_, script, status, connectTimeoutMs) => {
    const server = await scripted(script);
    const { admin, registry } = await serversApi();
    const making = admin("POST", "/mcp-servers", { key: "orders", url: server.url, connectTimeoutMs });
    if (connectTimeoutMs === SHORT_MS) {
      await waitFor(() => server.count("tools/list") > 0);
      registry.clock.move(SHORT_MS);
    }
    const made = await making;
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
      // No client can ask for such an address: nobody could turn them off.
      { name: "..", inputSchema: { type: "object" } },
      { name: ".", inputSchema: { type: "object" } },
      { name: "__proto__", inputSchema: { type: "object" } },
      { name: "refers", inputSchema: { type: "object", properties: { a: { $ref: "http://127.0.0.1:9/x.json" } } } },
    ]).replace(
      '{"name":"a_b","inputSchema":{"type":"object"}}',
      '{"name":"a_b","inputSchema":{"type":"object","properties":{"__proto__":{"type":"string"}}}}',
    );
    const server = await scripted({ "tools/list": raw(tools) });
    const { admin } = await serversApi();
    const made = await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    const found = made.json["found"] as { name: string; modelName: string }[];
    expect(found.map(({ name }) => name)).toEqual(["__proto__", "a b", "a.b", "a_b", "refers", "twice"]);
    expect(new Set(found.map(({ modelName }) => modelName)).size).toBe(6);
    expect(made.json["leftOut"]).toEqual([
      { tool: "twice", reason: "another tool has the same name" },
      { tool: "bell\u0007", reason: "its name has characters that cannot be seen" },
      { tool: "..", reason: "its name is one that no address can have" },
      { tool: ".", reason: "its name is one that no address can have" },
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
    const { admin, registry } = await serversApi();
    const made = await admin("POST", "/mcp-servers", { key: "orders", url: server.url, headers: { Authorization: `Bearer ${secret}` } });
    const call = await admin("POST", "/mcp-servers/orders/tools/act/call", {});
    const kept = await registry.everythingKept();
    expect(`${made.text}${call.text}${kept}`).not.toContain(secret);
    expect(call.json).toMatchObject({ outcome: "failed" });
  });

  it("at an address that is not allowed is never asked", async () => {
    const { admin } = await serversApi();
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
