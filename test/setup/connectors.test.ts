import { describe, expect, it } from "vitest";
import { assistant, needsApproval } from "../support/desk-assistant.ts";
import { ADA, connectorInput, OLIVE, openRegistry, OTIS, OWNER_KEY, SAM, shopInput, tool } from "./assistants-harness.ts";

const ORDERS = { assistant: "shop", server: "orders" };
const CRM = { assistant: "shop", server: "crm" };
const SERVER = { kind: "mcp-server", id: "orders" } as const;
const OLIVE_USES = [{ grantee: { kind: "person", id: "olive" }, level: "use" }] as const;

async function openShop() {
  const registry = await openRegistry();
  await registry.assistants.create(OLIVE, shopInput());
  await registry.sharing.set(SERVER, OLIVE_USES, ADA);
  return registry;
}

describe("giving an assistant a server", () => {
  it("takes a share of the server", async () => {
    const { connectors, sharing } = await openShop();
    await sharing.set(SERVER, [], ADA);
    await expect(connectors.add(OLIVE, ORDERS, connectorInput())).rejects.toMatchObject({ code: "forbidden" });
    await sharing.set(SERVER, OLIVE_USES, ADA);
    const { value, version } = await connectors.add(
      OLIVE,
      ORDERS,
      connectorInput({ permissions: { "*": "needs_approval", lookup: "always_allow" } }),
    );
    expect(version).toBe(1);
    expect(value).toMatchObject({
      server: "orders",
      serverName: "Orders",
      connection: "shared",
      addedBy: { kind: "person", id: "olive", name: "Olive" },
      status: { status: "connected" },
      toolCount: 2,
      permissions: { lookup: { permission: "always_allow", approver: "customer", rememberable: false, safeToRepeat: false } },
    });
    expect(value).not.toHaveProperty("suspended");
    expect(value.tools).toEqual([
      {
        name: "lookup",
        readOnly: true,
        state: "accepted",
        permission: "always_allow",
        approver: "customer",
        rememberable: false,
        safeToRepeat: false,
      },
      { name: "refund", readOnly: false, state: "accepted", ...needsApproval },
    ]);
  });

  it("takes the assistant, too", async () => {
    const { connectors } = await openShop();
    await expect(connectors.add(OTIS, CRM, connectorInput())).rejects.toMatchObject({ code: "not-found" });
    await expect(connectors.add(SAM, CRM, connectorInput())).rejects.toMatchObject({ code: "forbidden" });
  });

  it("does not tell whether there is a server that one may not use", async () => {
    const { connectors } = await openShop();
    const refusal = async (server: string) =>
      connectors
        .add(OLIVE, { assistant: "shop", server }, connectorInput())
        .catch((error: unknown) => (error as Error).message.replace(server, "…"));
    const { sharing } = await openShop();
    await sharing.set(SERVER, [], ADA);
    expect(await refusal("nowhere")).toBe("You may not do this. There is no MCP server … that Olive may use.");
    await expect(connectors.add(ADA, { assistant: "shop", server: "nowhere" }, connectorInput())).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("needs a sign-in for people at the server, where each customer has their own", async () => {
    const { connectors } = await openShop();
    await expect(connectors.add(OLIVE, ORDERS, connectorInput({ connection: "personal" }))).rejects.toMatchObject({
      faults: [{ path: "/connection", message: expect.stringContaining("has no sign-in for customers") }],
    });
    const { value } = await connectors.add(OLIVE, CRM, connectorInput({ connection: "personal" }));
    expect(value.connection).toBe("personal");
  });

  it("takes a share of the shared connection, where there is one", async () => {
    const { connectors, sharing, servers } = await openShop();
    servers.get("crm")!.sharedConnection = "crm-service-account";
    await expect(connectors.add(OLIVE, CRM, connectorInput())).rejects.toMatchObject({ code: "forbidden" });
    await connectors.add(OLIVE, CRM, connectorInput({ connection: "personal" }));
    await expect(connectors.update(OLIVE, CRM, { connection: "shared" }, 1)).rejects.toMatchObject({ code: "forbidden" });
    await sharing.set({ kind: "connection", id: "crm-service-account" }, OLIVE_USES, ADA);
    expect((await connectors.update(OLIVE, CRM, { connection: "shared" }, 1)).value.connection).toBe("shared");
  });

  it("happens once: what is there is replaced or changed, at the version that was read", async () => {
    const { connectors } = await openShop();
    await connectors.add(OLIVE, ORDERS, connectorInput({ permissions: { lookup: "always_allow", refund: "disabled" } }));
    await expect(connectors.add(OLIVE, ORDERS, connectorInput())).rejects.toMatchObject({ reason: "exists" });
    const patched = await connectors.update(
      OLIVE,
      ORDERS,
      { permissions: { refund: { permission: "needs_approval", approver: "staff" }, lookup: null } },
      1,
    );
    expect(patched.value.permissions).toEqual({
      refund: { permission: "needs_approval", approver: "staff", rememberable: false, safeToRepeat: false },
    });
    await expect(connectors.replace(OLIVE, ORDERS, connectorInput(), 1)).rejects.toMatchObject({ reason: "changed" });
    expect((await connectors.replace(OLIVE, ORDERS, connectorInput(), 2)).value.permissions).toEqual({});
    await expect(connectors.remove(OLIVE, ORDERS, 2)).rejects.toMatchObject({ reason: "changed" });
    await connectors.remove(OLIVE, ORDERS, 3);
    expect(await connectors.list(OLIVE, "shop", { limit: 200 })).toEqual([]);
  });

  it("is in the audit log, with what was before and after", async () => {
    const { connectors, documents } = await openShop();
    await connectors.add(OLIVE, ORDERS, connectorInput());
    await connectors.update(OLIVE, ORDERS, { permissions: { refund: "disabled" } }, 1);
    const [update, create] = await documents.listAudit({ limit: 2, filter: { targetKind: "connector" } });
    expect(create).toMatchObject({
      action: "connector.create",
      by: { id: "olive" },
      target: { id: "shop/orders" },
      after: { connection: "shared" },
    });
    expect(update).toMatchObject({
      action: "connector.update",
      before: { permissions: {} },
      after: { permissions: { refund: { permission: "disabled" } } },
    });
  });
});

describe("all read-only tools: always allow", () => {
  it("is one step over what was accepted, and leaves what is disabled by name", async () => {
    const { connectors, servers } = await openShop();
    servers.get("orders")!.tools = [
      tool("lookup", { readOnly: true }),
      tool("list", { readOnly: true }),
      tool("track", { readOnly: true }),
      tool("unseen", { readOnly: true, state: "new" }),
      tool("turned", { readOnly: true, state: "changed" }),
      tool("refund"),
    ];
    const permissions = { "*": { permission: "needs_approval", approver: "staff", safeToRepeat: true }, track: "disabled" };
    await connectors.add(OLIVE, ORDERS, connectorInput({ permissions }));
    const { value, allowed, version } = await connectors.allowReadOnly(OLIVE, ORDERS);
    expect(version).toBe(2);
    expect(allowed).toEqual(["lookup", "list"]);
    expect(Object.fromEntries(value.tools.map(({ name, permission, safeToRepeat }) => [name, `${permission} ${safeToRepeat}`]))).toEqual({
      lookup: "always_allow true",
      list: "always_allow true",
      track: "disabled false",
      unseen: "needs_approval true",
      turned: "needs_approval true",
      refund: "needs_approval true",
    });
  });

  it("takes the right to use the server", async () => {
    const { connectors, sharing } = await openShop();
    await connectors.add(OLIVE, ORDERS, connectorInput());
    await sharing.set(SERVER, [], ADA);
    await expect(connectors.allowReadOnly(OLIVE, ORDERS)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a connector whose adder may no longer use the server", () => {
  it("is shown as suspended with the reason, may be removed, and not be loosened", async () => {
    const { connectors, sharing } = await openShop();
    await connectors.add(OLIVE, ORDERS, connectorInput());
    await sharing.set(SERVER, [], ADA);
    expect(await connectors.list(OLIVE, "shop", { limit: 200 })).toMatchObject([
      { server: "orders", suspended: { reason: "share-ended", message: "The MCP server orders is not shared with Olive." } },
    ]);
    await expect(connectors.update(OLIVE, ORDERS, { permissions: { refund: "always_allow" } }, 1)).rejects.toMatchObject({
      code: "forbidden",
    });
    await connectors.remove(OLIVE, ORDERS, 1);
  });

  it("is taken over by whoever sets it again and may", async () => {
    const { connectors, sharing, live } = await openShop();
    await connectors.add(OLIVE, ORDERS, connectorInput());
    const kept = await connectors.replace(ADA, ORDERS, connectorInput(), 1);
    expect(kept.value.addedBy).toMatchObject({ id: "olive" });
    await sharing.set(SERVER, [], ADA);
    expect(live.find("shop")?.connectors).toEqual([]);
    const taken = await connectors.replace(ADA, ORDERS, connectorInput(), 2);
    expect(taken.value.addedBy).toEqual({ kind: "person", id: "ada", name: "Ada" });
    expect(live.find("shop")?.connectors).toMatchObject([{ server: "orders" }]);
  });

  it("an API key's stands by the roles that the key had", async () => {
    const { connectors, assistants, servers, live } = await openShop();
    await assistants.create(OWNER_KEY, shopInput({ key: "kiosk" }));
    await expect(connectors.add(OWNER_KEY, { assistant: "kiosk", server: "orders" }, connectorInput())).rejects.toMatchObject({
      code: "forbidden",
    });
    await connectors.add(OWNER_KEY, { assistant: "kiosk", server: "crm" }, connectorInput());
    expect(live.find("kiosk")?.connectors).toMatchObject([{ server: "crm" }]);
    servers.get("crm")!.access = "restricted";
    await live.reload();
    expect(live.find("kiosk")?.connectors).toEqual([]);
  });
});

describe("a connector of the configuration file", () => {
  it("is shown with its server's status, and is read-only here", async () => {
    const { connectors } = await openRegistry([
      assistant({
        key: "desk",
        allowedOrigins: ["https://desk.example"],
        connectors: [{ server: "orders", permissions: { "*": needsApproval } }],
      }),
    ]);
    const place = { assistant: "desk", server: "orders" };
    expect(await connectors.list(OTIS, "desk", { limit: 200 })).toMatchObject([{ server: "orders", serverName: "Orders", toolCount: 2 }]);
    expect((await connectors.get(OTIS, place)).value.tools).toMatchObject([
      { name: "lookup", permission: "needs_approval" },
      { name: "refund" },
    ]);
    await expect(connectors.add(ADA, place, connectorInput())).rejects.toMatchObject({ code: "read-only" });
    await expect(connectors.get(OTIS, { assistant: "desk", server: "crm" })).rejects.toMatchObject({ code: "not-found" });
  });
});
