import { afterEach, describe, expect, it } from "vitest";
import { InvalidError } from "../../server/foundation/invalid-error.ts";
import { serverInputSchema, serverPatchSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { result, scriptedServer, tool, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { ADMIN, OWNER, SIGNAL, testRegistry } from "./registry-harness.ts";
import { freePort } from "../support/free-port.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function scripted(...parts: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const server = await scriptedServer(...parts);
  open.push(() => server.close());
  return server;
}

const SECRETS = ["path-token-123456", "query-token-123456", "header-secret-123456", "client-secret-123456"];

describe("saving a server", () => {
  it("tests the connection at once, and answers with the tools found", async () => {
    const server = await scripted({
      "tools/list": result({ tools: [tool("look", { description: "Looks.", annotations: { readOnlyHint: true } }), tool("act now!")] }),
    });
    const registry = await testRegistry();
    const { server: view, tools, version } = await registry.create({ key: "orders", name: "Orders", url: server.url });
    expect(view).toMatchObject({
      key: "orders",
      source: "api",
      status: { status: "connected", toolCount: 2, protocolRevision: "2025-06-18", since: registry.clock.now() },
      tools: { total: 2, enabled: 2, changed: 0, new: 0 },
    });
    expect(version).toBe(1);
    expect(tools).toMatchObject([
      {
        name: "act now!",
        modelName: expect.stringMatching(/^orders__act_now_-[0-9a-f]{8}$/) as string,
        state: "accepted",
        acceptedBy: "Ada",
      },
      { name: "look", modelName: "orders__look", description: "Looks.", readOnly: true, offered: true },
    ]);
    expect(registry.directory.find("orders")).toMatchObject({ settings: { url: server.url, auth: { kind: "none" } } });
  });

  it("keeps a server that cannot be used, and says why", async () => {
    const registry = await testRegistry();
    const { server } = await registry.create({ key: "orders", url: `http://127.0.0.1:${await freePort()}/mcp` });
    expect(server.status).toMatchObject({ status: "disconnected", reason: "server-not-found" });
    expect((await registry.servers.get(ADMIN, "orders")).server.status).toEqual(server.status);
  });

  it("keeps every secret sealed, and shows and audits none", async () => {
    const server = await scripted();
    const registry = await testRegistry();
    const url = `${server.url.replace("/mcp", "")}/path-token-123456/mcp?key=query-token-123456`;
    await registry.create({
      key: "orders",
      url,
      headers: { "X-Api-Key": "header-secret-123456" },
      auth: { kind: "oauth", oauth: { clientId: "us", clientSecret: "client-secret-123456" } },
    });
    const shown = await registry.servers.get(ADMIN, "orders");
    expect(shown.server).toMatchObject({
      url: `http://127.0.0.1:${server.port}/…?…`,
      headers: ["X-Api-Key"],
      auth: { kind: "oauth", oauth: { clientId: "us", hasClientSecret: true } },
    });
    const told = JSON.stringify([shown, await registry.everythingKept(), registry.warnings]);
    for (const secret of SECRETS) expect(told).not.toContain(secret);
    expect(registry.directory.find("orders")?.settings).toMatchObject({ url, headers: { "X-Api-Key": "header-secret-123456" } });
    expect(server.requests.some(({ headers }) => headers["x-api-key"] === "header-secret-123456")).toBe(true);
  });

  it("takes an identifier once", async () => {
    const { url } = await scripted();
    const registry = await testRegistry({ fileServers: [{ key: "shop", name: "Shop", command: "true" }] });
    await registry.create({ key: "orders", url });
    await expect(registry.create({ key: "orders", url })).rejects.toMatchObject({ code: "already-exists" });
    await expect(registry.create({ key: "shop", url })).rejects.toMatchObject({ code: "already-exists" });
  });

  it.each([
    ["a reserved identifier", { key: "frontdesk" }, "reserved"],
    ["one that is a word of an address", { key: "new" }, "reserved"],
    ["one whose tools would look like ours", { key: "frontdesk__notes" }, "reserved"],
    ["capitals", { key: "Orders" }, "small letters"],
    ["no web address", { url: "ftp://orders.example" }, "https://"],
    ["a password in the address", { url: "https://me:secret@orders.example/mcp" }, "without a user name"],
    ["a program", { command: "npx" }, "only be declared in the configuration file"],
    ["a header of our own", { headers: { Host: "x" } }, "set by Frontdesk"],
    ["a header in two spellings", { headers: { "X-A": "1", "x-a": "2" } }, "there twice"],
    ["a header of two lines", { headers: { "X-A": "1\r\nX-B: 2" } }, "one line"],
    ["a script as icon", { icon: "data:image/svg+xml;base64,AAAA" }, "PNG"],
    ["a web page as icon", { icon: "javascript:alert(1)" }, "https:"],
  ])("refuses %s with a sentence", (_, part, sentence) => {
    const parsed = serverInputSchema.safeParse({ key: "orders", url: "https://orders.example/mcp", ...part });
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(sentence);
  });
});

describe("changing a server", () => {
  const change = (
    registry: Awaited<ReturnType<typeof testRegistry>>,
    patch: object,
    more: { staff?: typeof ADMIN; version?: number } = {},
  ) => registry.servers.update(more.staff ?? ADMIN, "orders", serverPatchSchema.parse(patch), { ifVersion: more.version, signal: SIGNAL });

  it("keeps what is not named, takes null away, and tests only when the connection depends on it", async () => {
    const server = await scripted();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url: server.url, description: "Old", headers: { "X-A": "one", "X-B": "two" } });
    const asked = server.count("tools/list");
    const revision = registry.directory.find("orders")?.revision;
    const renamed = await change(registry, { name: "Order desk", description: null });
    expect(renamed.server).toMatchObject({ name: "Order desk", headers: ["X-A", "X-B"], status: { status: "connected" } });
    expect(renamed.server.description).toBeUndefined();
    expect(renamed.version).toBe(2);
    expect(server.count("tools/list")).toBe(asked);
    expect(registry.directory.find("orders")?.revision).toBe(revision);
    await change(registry, { headers: { "x-a": null, "X-B": "three" } });
    expect(server.count("tools/list")).toBe(asked + 1);
    expect(registry.directory.find("orders")?.settings).toMatchObject({ headers: { "X-B": "three" } });
    expect(registry.directory.find("orders")?.revision).not.toBe(revision);
  });

  it.each([
    [{ clientSecret: "client-secret-123456" }, "/auth/oauth/clientId"],
    [{ redirectUrl: "https://desk.example/back" }, "/auth/oauth/clientId"],
    [{ grant: "client_credentials", clientId: "us" }, "/auth/oauth/clientSecret"],
  ])("to a sign-in whose parts do not go together is refused, and so is a new one (%#)", async (oauth, path) => {
    const { url } = await scripted();
    const registry = await testRegistry();
    const refused = async (saving: Promise<unknown>) => ((await saving.catch((error: unknown) => error)) as InvalidError).faults;
    expect(await refused(registry.create({ key: "orders", url, auth: { kind: "oauth", oauth } }))).toMatchObject([{ path }]);
    await registry.create({ key: "orders", url, auth: { kind: "oauth", oauth: { scope: "read" } } });
    expect(await refused(change(registry, { auth: { oauth } }))).toMatchObject([{ path }]);
    await change(registry, { name: "Orders" });
    expect(registry.directory.find("orders")?.settings).toMatchObject({ name: "Orders", auth: { oauth: { scope: "read" } } });
  });

  it("to another address asks for every secret again, and ends the connections before anything is sent there", async () => {
    const [first, second] = [await scripted(), await scripted()];
    const registry = await testRegistry();
    await registry.create({
      key: "orders",
      url: first.url,
      headers: { Authorization: "Bearer header-secret-123456" },
      auth: { kind: "oauth", oauth: { clientId: "us", clientSecret: "client-secret-123456" } },
    });
    await registry.documents.write([{ do: "create", kind: "connection", id: "c1", parent: "orders", body: {} }], {
      at: registry.clock.now(),
    });
    const refused = await change(registry, { url: second.url }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidError);
    expect((refused as InvalidError).faults.map(({ path }) => path)).toEqual(["/headers/Authorization", "/auth/oauth/clientSecret"]);
    expect(second.requests).toHaveLength(0);
    expect(registry.endedConnections).toEqual([]);

    const moved = await change(registry, { url: second.url, headers: { Authorization: null }, auth: { oauth: { clientSecret: null } } });
    expect(moved.server).toMatchObject({
      headers: [],
      auth: { oauth: { hasClientSecret: false } },
      status: { status: "disconnected", signIn: "first" },
    });
    expect(registry.endedConnections).toEqual(["orders"]);
    expect(await registry.documents.list("connection", { limit: 10, now: registry.clock.now() })).toEqual([]);
    expect(JSON.stringify(second.requests)).not.toContain("header-secret");
  });

  it("is refused to whoever read an earlier version", async () => {
    const { url } = await scripted();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url });
    await change(registry, { name: "One" }, { version: 1 });
    await expect(change(registry, { name: "Two" }, { version: 1 })).rejects.toMatchObject({ code: "version-changed" });
  });

  it("of its identifier is possible until something uses it", async () => {
    const { url } = await scripted();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url, headers: { "X-A": "one" } });
    const { server } = await change(registry, { key: "order_desk" });
    expect(server).toMatchObject({ key: "order_desk", status: { status: "connected" } });
    expect(registry.directory.find("orders")).toBeUndefined();
    expect(registry.directory.find("order_desk")?.settings).toMatchObject({ url, headers: { "X-A": "one" } });
    registry.used.set("order_desk", ["shop"]);
    await expect(
      registry.servers.update(ADMIN, "order_desk", { key: "orders" }, { ifVersion: undefined, signal: SIGNAL }),
    ).rejects.toMatchObject({ code: "in-use", detail: expect.stringContaining('"shop"') as string });
    registry.used.clear();
    await registry.tools.call(ADMIN, { key: "order_desk", tool: "act", arguments: {} }, SIGNAL);
    await expect(
      registry.servers.update(ADMIN, "order_desk", { key: "orders" }, { ifVersion: undefined, signal: SIGNAL }),
    ).rejects.toMatchObject({ code: "in-use" });
  });

  it("is told in the audit log, masked, with the names of the secrets that were replaced", async () => {
    const { url } = await scripted();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url, headers: { "X-A": "header-secret-123456" } });
    await change(registry, { headers: { "X-A": "another-secret-123" }, trusted: true });
    const [entry] = await registry.documents.listAudit({ limit: 1, filter: { action: "mcp-server.update" } });
    expect(entry).toMatchObject({
      by: { id: "ada" },
      before: { trusted: false, headers: ["X-A"] },
      after: { trusted: true, secretsReplaced: ["headers.X-A"] },
    });
    expect(JSON.stringify(entry)).not.toContain("secret-123");
  });
});

describe("a server of the configuration file", () => {
  it("is listed and can be tested, and is changed in the file only", async () => {
    const { url } = await scripted();
    const registry = await testRegistry({
      fileServers: [{ key: "shop", name: "Shop", url, headers: { "X-Key": "header-secret-123456" } }],
    });
    const [listed] = await registry.servers.list(ADMIN, { limit: 10 });
    expect(listed).toMatchObject({ key: "shop", source: "file", headers: ["X-Key"], status: { status: "not_tested" } });
    expect((await registry.servers.test(ADMIN, "shop", SIGNAL)).server.status.status).toBe("connected");
    await expect(registry.servers.update(ADMIN, "shop", { name: "x" }, { ifVersion: 1, signal: SIGNAL })).rejects.toMatchObject({
      code: "read-only",
      detail: expect.stringContaining("mcpServers.shop") as string,
    });
    await expect(registry.servers.remove(ADMIN, "shop", 1)).rejects.toMatchObject({ code: "read-only" });
  });
});

describe("who may", () => {
  it("nobody sees a server that is not shared with them; with use they see and test it, with manage they change it", async () => {
    const { url } = await scripted();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url });
    const resource = { kind: "mcp-server", id: "orders" } as const;
    const grantee = { kind: "group", id: "shop" } as const;
    const patch = () => registry.servers.update(OWNER, "orders", { name: "Theirs" }, { ifVersion: undefined, signal: SIGNAL });

    expect(await registry.servers.list(OWNER, { limit: 10 })).toEqual([]);
    for (const attempt of [
      registry.servers.get(OWNER, "orders"),
      registry.servers.test(OWNER, "orders", SIGNAL),
      registry.servers.remove(OWNER, "orders", 1),
      registry.toolRows.ofServer(OWNER, "orders", { limit: 200 }),
      registry.tools.call(OWNER, { key: "orders", tool: "act", arguments: {} }, SIGNAL),
      patch(),
    ])
      await expect(attempt).rejects.toMatchObject({ code: "not-found" });

    await registry.sharing.set(resource, [{ grantee, level: "use" }], ADMIN);
    expect(await registry.servers.list(OWNER, { limit: 10 })).toHaveLength(1);
    expect((await registry.tools.call(OWNER, { key: "orders", tool: "act", arguments: {} }, SIGNAL)).outcome).toBe("ok");
    await expect(patch()).rejects.toMatchObject({ code: "forbidden" });
    await expect(registry.tools.enable(OWNER, "orders", "act", false)).rejects.toMatchObject({ code: "forbidden" });
    await registry.tools.enable(ADMIN, "orders", "act", false);
    const call = registry.tools.call(OWNER, { key: "orders", tool: "act", arguments: {} }, SIGNAL);
    await expect(call).rejects.toMatchObject({ code: "forbidden" });

    await registry.sharing.set(resource, [{ grantee, level: "manage" }], ADMIN);
    expect((await patch()).server.name).toBe("Theirs");
    await expect(
      registry.servers.update(OWNER, "orders", { trusted: true }, { ifVersion: undefined, signal: SIGNAL }),
    ).rejects.toMatchObject({ code: "forbidden", detail: expect.stringContaining("admin") as string });

    await registry.sharing.set(resource, [], ADMIN);
    await expect(registry.servers.get(OWNER, "orders")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("deleting a server", () => {
  it("takes everything of it along, and waits until no assistant has it", async () => {
    const { url } = await scripted();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url, access: "everyone" });
    await registry.sharing.set({ kind: "mcp-server", id: "orders" }, [{ grantee: { kind: "person", id: "olga" }, level: "manage" }], ADMIN);
    registry.used.set("orders", ["shop"]);
    await expect(registry.servers.remove(ADMIN, "orders", 1)).rejects.toMatchObject({ code: "in-use" });
    registry.used.clear();
    await registry.servers.remove(ADMIN, "orders", 1);
    expect(registry.directory.find("orders")).toBeUndefined();
    expect(registry.endedConnections).toEqual(["orders"]);
    const now = registry.clock.now();
    for (const kind of ["mcp-server", "server-status", "server-tool", "share"] as const)
      expect(await registry.documents.list(kind, { limit: 10, now })).toEqual([]);
    expect(await registry.sharing.allows(OWNER, { kind: "mcp-server", id: "orders" }, "use")).toBe(false);
  });
});
