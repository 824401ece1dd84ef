import { describe, expect, it } from "vitest";
import { json, result, tool } from "../../support/mcp-scripted-server.ts";
import { definition } from "../../setup/changing-server.ts";
import { scripted, serversApi } from "./mcp-servers-harness.ts";

describe("tools over the API", () => {
  it("have names with any characters, are turned off, tried out, and accepted by their hash", async () => {
    const name = "läs/das ö?#%";
    let description = "First.";
    const server = await scripted({
      "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: [tool(name, { description })] } }),
    });
    const { admin } = await serversApi();
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
    const { admin } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    const call = (input: object) => admin("POST", "/mcp-servers/orders/tools/look/call", { arguments: input });
    expect((await call({ id: 1 })).json).toMatchObject({ outcome: "failed", content: [{ text: "no such order" }] });
    expect((await call({ id: "one" })).json).toMatchObject({ outcome: "refused", cause: expect.stringContaining("id") as string });
    expect(server.count("tools/call")).toBe(1);
  });
});

describe("what customers' own lists have, over the API", () => {
  it("is proposed without one customer's words, turned off by its name, and accepted once two have the same", async () => {
    const { url } = await scripted({ initialize: (response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end() });
    const { registry, admin } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "club", url, auth: { kind: "oauth" } });
    const reads = (who: string, description: string) =>
      registry.directory.observe("club", [definition(tool("points", { description }))], who).get("points");
    reads("ada", "PRIVATE of ada");
    reads("bea", "PRIVATE of bea");
    const listed = await admin("GET", "/mcp-servers/club/tools");
    expect(listed.json).toMatchObject({
      items: [{ name: "points", modelName: "club__points", state: "proposed", offered: false, proposal: { customers: 2, differs: true } }],
    });
    expect(JSON.stringify(listed.json)).not.toContain("PRIVATE");
    expect((await admin("GET", "/mcp-servers/club")).json).toMatchObject({ tools: { total: 0, proposed: 1 } });

    const path = "/mcp-servers/club/tools/points";
    expect((await admin("PATCH", path, { enabled: false })).json).toMatchObject({ state: "proposed", enabled: false });
    expect(reads("ada", "PRIVATE of ada")).toEqual({ use: "hidden", reason: "disabled" });
    expect((await admin("PATCH", path, { enabled: true })).json).toMatchObject({ enabled: true });
    expect((await admin("POST", `${path}/call`, { arguments: {} })).status).toBe(412);
    expect((await admin("POST", `${path}/accept`, { hash: "0".repeat(64) })).status).toBe(412);

    for (const who of ["ada", "bea"]) reads(who, "How many points.");
    const { proposal } = (await admin("GET", path)).json as { proposal: { hash: string; definition: { description: string } } };
    expect(proposal.definition.description).toBe("How many points.");
    expect((await admin("POST", `${path}/accept`, { hash: proposal.hash })).json).toMatchObject({
      state: "accepted",
      description: "How many points.",
    });
    expect(reads("cleo", "How many points.")).toEqual({ use: "offered" });
  });
});

describe("import and export over the API", () => {
  it("tells of each entry, and gives out no secret", async () => {
    const { url } = await scripted();
    const { admin } = await serversApi();
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
