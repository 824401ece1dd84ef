import { describe, expect, it } from "vitest";
import { scripted, serversApi } from "./mcp-servers-harness.ts";

const at = (version: number): Readonly<Record<string, string>> => ({ "If-Match": `"${version}"` });

describe("the life of a server over the API", () => {
  it("is set up, read, changed and deleted", async () => {
    const { url } = await scripted();
    const { admin } = await serversApi();
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
    const { admin } = await serversApi();
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
    const { admin } = await serversApi();
    for (const key of ["a", "b", "c"]) await admin("POST", "/mcp-servers", { key, url });
    const first = await admin("GET", "/mcp-servers?limit=2");
    expect(first.json).toMatchObject({ items: [{ key: "a" }, { key: "b" }] });
    const second = await admin("GET", `/mcp-servers?limit=2&cursor=${String(first.json["next"])}`);
    expect(second.json).toMatchObject({ items: [{ key: "c" }] });
    expect(second.json["next"]).toBeUndefined();
  });

  it("faults are told with their places", async () => {
    const { admin } = await serversApi();
    const refused = await admin("POST", "/mcp-servers", { key: "http", url: "nowhere", command: "npx", headers: { Host: "x" } });
    expect(refused.status).toBe(422);
    const errors = refused.json["errors"] as { path: string; message: string }[];
    expect(errors.map(({ path }) => path).toSorted()).toEqual(["/command", "/headers/Host", "/key", "/url"]);
    expect(errors.find(({ path }) => path === "/command")?.message).toContain("configuration file");
  });

  it("another address asks for the secrets again", async () => {
    const [first, second] = [await scripted(), await scripted()];
    const { admin } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "orders", url: first.url, headers: { Authorization: "Bearer abc" } });
    const refused = await admin("PATCH", "/mcp-servers/orders", { url: second.url }, at(1));
    expect(refused.json).toMatchObject({ code: "invalid", errors: [{ in: "body", path: "/headers/Authorization" }] });
    const moved = await admin("PATCH", "/mcp-servers/orders", { url: second.url, headers: { Authorization: "Bearer def" } }, at(1));
    expect(moved.json).toMatchObject({ status: { status: "connected" } });
    expect(JSON.stringify(second.requests)).not.toContain("Bearer abc");
  });

  it("a test says how the server is now", async () => {
    const server = await scripted();
    const { admin } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "orders", url: server.url });
    await server.close();
    const tested = await admin("POST", "/mcp-servers/orders/test");
    expect(tested.json).toMatchObject({ status: { status: "disconnected", reason: "server-not-found" }, found: [{ name: "act" }] });
    expect((await admin("POST", "/mcp-servers/nobody/test")).status).toBe(404);
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
    const { as } = await serversApi();
    expect((await as("support", method, path, body)).json).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("an owner finds no server that is not theirs, and may use what is open to everyone, not change it", async () => {
    const { url } = await scripted();
    const { admin, as } = await serversApi();
    await admin("POST", "/mcp-servers", { key: "orders", url });
    expect((await as("owner", "GET", "/mcp-servers")).json).toEqual({ items: [] });
    expect((await as("owner", "GET", "/mcp-servers/orders/tools/act")).status).toBe(404);
    await admin("PATCH", "/mcp-servers/orders", { access: "everyone" }, at(1));
    expect((await as("owner", "GET", "/mcp-servers")).json).toMatchObject({ items: [{ key: "orders" }] });
    expect((await as("owner", "PATCH", "/mcp-servers/orders/tools/act", { enabled: false })).status).toBe(403);
  });
});
