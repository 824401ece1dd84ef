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

describe("many tools at once", () => {
  const LIST = ["find_order", "find_parcel", "refund"];

  async function orders() {
    let names: readonly string[] = LIST;
    const server = await scripted({
      "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: names.map((name) => tool(name)) } }),
    });
    const { registry, admin, as } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    const listed = async () => {
      const { json: body, headers } = await admin("GET", "/mcp-tools?server=orders&limit=1");
      expect((body as { next?: string }).next).toBeDefined();
      return headers.get("etag") ?? "";
    };
    const turn = async (body: object, tag: string) => admin("PATCH", "/mcp-servers/orders/tools", body, { "If-Match": tag });
    const off = async () => {
      const { json: body } = await admin("GET", "/mcp-tools?server=orders");
      return (body as { items: { name: string; enabled: boolean }[] }).items.flatMap(({ name, enabled }) => (enabled ? [] : [name]));
    };
    const audit = async () =>
      (await registry.documents.listAudit({ limit: 50, filter: {} })).filter(({ action }) => /^server-tool\.(en|dis)able$/.test(action));
    return { admin, as, listed, turn, off, audit, offer: (next: readonly string[]) => (names = next) };
  }

  it("turns off all that fit, also those beyond the page, in one write with one entry, and back", async () => {
    const { listed, turn, off, audit } = await orders();
    const { status, json: body, headers } = await turn({ enabled: false, q: "FIND" }, await listed());
    expect({ status, body }).toEqual({ status: 200, body: { changed: ["find_order", "find_parcel"] } });
    expect(await off()).toEqual(["find_order", "find_parcel"]);
    expect(await audit()).toMatchObject([
      {
        action: "server-tool.disable",
        target: { kind: "mcp-server", id: "orders" },
        before: { enabled: true, tools: ["find_order", "find_parcel"] },
        after: { enabled: false, tools: ["find_order", "find_parcel"] },
      },
    ]);
    const back = await turn({ enabled: true, tools: ["find_order", "find_parcel"] }, headers.get("etag") ?? "");
    expect(back.json).toEqual({ changed: ["find_order", "find_parcel"] });
    expect(await off()).toEqual([]);
    expect(await audit()).toHaveLength(2);
  });

  it("changes nothing and writes nothing where all are so already", async () => {
    const { listed, turn, audit } = await orders();
    expect((await turn({ enabled: true }, await listed())).json).toEqual({ changed: [] });
    expect(await audit()).toEqual([]);
  });

  it("refuses what was shown before somebody else decided, or before the server changed", async () => {
    const { admin, listed, turn, off, offer } = await orders();
    const seen = await listed();
    await admin("PATCH", "/mcp-servers/orders/tools/refund", { enabled: false });
    expect(await turn({ enabled: true }, seen)).toMatchObject({ status: 412, json: { code: "version-changed" } });
    expect(await off()).toEqual(["refund"]);
    const again = await listed();
    offer([...LIST, "cancel_order"]);
    await admin("POST", "/mcp-servers/orders/test");
    expect((await turn({ enabled: false }, again)).status).toBe(412);
    expect((await admin("PATCH", "/mcp-servers/orders/tools", { enabled: false })).status).toBe(428);
  });

  it("leaves new tools new: they ask until somebody has looked at each", async () => {
    const { admin, listed, turn, offer } = await orders();
    offer([...LIST, "cancel_order"]);
    await admin("POST", "/mcp-servers/orders/test");
    const { headers } = await turn({ enabled: false }, await listed());
    await turn({ enabled: true }, headers.get("etag") ?? "");
    expect((await admin("GET", "/mcp-servers/orders/tools/cancel_order")).json).toMatchObject({ state: "new", enabled: true });
  });

  it("refuses names beside a filter, owners who may not manage it, and servers that are not there", async () => {
    const { admin, as, listed, turn } = await orders();
    const tag = await listed();
    expect(await turn({ enabled: false, tools: ["refund"], q: "find" }, tag)).toMatchObject({ status: 422 });
    const denied = await as("owner", "GET", "/mcp-tools?server=orders");
    expect(denied.headers.get("etag")).toBeNull();
    expect((await admin("PATCH", "/mcp-servers/nothing/tools", { enabled: false }, { "If-Match": tag })).status).toBe(404);
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
    const tag = async () => (await admin("GET", "/mcp-tools?server=club")).headers.get("etag") ?? "";
    const all = async (enabled: boolean) => admin("PATCH", "/mcp-servers/club/tools", { enabled }, { "If-Match": await tag() });
    expect((await all(true)).json).toEqual({ changed: ["points"] });
    expect(reads("ada", "PRIVATE of ada")).not.toEqual({ use: "hidden", reason: "disabled" });
    expect((await all(false)).json).toEqual({ changed: ["points"] });
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
