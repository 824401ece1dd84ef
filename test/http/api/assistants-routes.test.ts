import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { assistantsRoutes } from "../../../server/http/api/routes/assistants-routes.ts";
import { connectorsRoutes } from "../../../server/http/api/routes/connectors-routes.ts";
import { sharesRoutes } from "../../../server/http/api/routes/shares-routes.ts";
import { AssistantTests } from "../../../server/setup/assistants/assistant-tests.ts";
import type { AssistantRegistry } from "../../../server/setup/assistants/assistants.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { InvalidError } from "../../../server/foundation/invalid-error.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { ADA, API_KEY, OLIVE, openRegistry, OTIS, OWNER_KEY, SAM, tool } from "../../setup/assistants-harness.ts";
import { type Answer, startApi } from "./api-harness.ts";

const DECLARED = assistant({ key: "desk", name: "Desk", allowedOrigins: ["https://desk.example"] });
const SHOP = {
  key: "shop",
  name: "Shop",
  prompt: "You help.",
  model: { provider: "openai-compatible", model: "scripted", baseUrl: "https://models.example/v1", apiKey: API_KEY },
  allowedOrigins: ["https://shop.example"],
};

const noTests = (assistants: AssistantRegistry): AssistantTests =>
  new AssistantTests({
    assistants,
    models: { test: () => Promise.reject(new Error("No model is tested here.")), leftOut: () => [] },
    before: async () => {},
  });

async function openApi() {
  const registry = await openRegistry([DECLARED]);
  const staff = new Map<string, Staff>([ADA, OLIVE, OTIS, SAM, OWNER_KEY].map((one) => [one.id, one]));
  const routes = [
    ...assistantsRoutes({ ...registry, tests: noTests(registry.assistants) }),
    ...connectorsRoutes(registry),
    ...sharesRoutes({
      sharing: registry.sharing,
      grantees: async ({ q = "" }) =>
        [{ kind: "group" as const, id: "shops", name: "Shops" }].filter(({ name }) => name.toLowerCase().includes(q)),
      nameOf: async ({ kind, id }) => (kind === "group" ? { shops: "Shops" }[id] : staff.get(id)?.name),
      setGeneralAccess: async ({ kind, id }, access) => {
        const server = kind === "mcp-server" ? registry.servers.get(id) : undefined;
        if (server === undefined) throw new InvalidError([{ path: "/generalAccess", message: "Not for connections." }]);
        server.access = access;
        await registry.live.reload();
      },
    }),
  ];
  const authenticate = async (request: IncomingMessage): Promise<Staff | undefined> => {
    const found = staff.get(request.headers.authorization ?? "");
    const person = found?.kind === "person" ? await registry.people.find(found.id) : undefined;
    return person ?? found;
  };
  const api = await startApi(routes, { authenticate });
  const as =
    ({ id }: Staff) =>
    (method: string, path: string, body?: unknown, version?: string | null): Promise<Answer> =>
      api.fetch(method, path, {
        ...(body === undefined ? {} : { body }),
        headers: { Authorization: id, ...(typeof version === "string" ? { "If-Match": version } : {}) },
      });
  return { ...registry, as, api };
}

describe("assistants over the API", () => {
  it("are made, read, changed and removed, each change at the version that was read", async () => {
    const { as } = await openApi();
    const olive = as(OLIVE);
    const made = await olive("POST", "/assistants", SHOP);
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe("/api/v1/assistants/shop");
    expect(made.headers.get("etag")).toBe('"1"');
    expect(made.text).not.toContain(API_KEY);
    const read = await olive("GET", "/assistants/shop");
    expect(read.json).toEqual({ ...(made.json as object), leftOutTools: [] });
    const named = await olive("PATCH", "/assistants/shop", { name: "New", limits: { messagesPerMinute: 3 } }, read.headers.get("etag"));
    expect(named).toMatchObject({ status: 200, json: { name: "New", limits: { messagesPerMinute: 3, messageCharacters: 8000 } } });
    expect((await olive("PATCH", "/assistants/shop", { name: "Late" }, '"1"')).status).toBe(412);
    expect((await olive("PATCH", "/assistants/shop", { name: "None" })).status).toBe(428);
    expect((await olive("DELETE", "/assistants/shop", undefined, '"2"')).status).toBe(204);
    expect((await olive("GET", "/assistants/shop")).json).toMatchObject({ status: 404, code: "not-found" });
  });

  it("tells where each fault is", async () => {
    const { as } = await openApi();
    const answer = await as(OLIVE)("POST", "/assistants", { ...SHOP, trace: "ful", limits: { messagePerMinute: 1 } });
    expect(answer.status).toBe(422);
    expect((answer.json["errors"] as { path: string }[]).map(({ path }) => path).toSorted()).toEqual([
      "/limits/messagePerMinute",
      "/trace",
    ]);
    const between = await as(OLIVE)("POST", "/assistants", { ...SHOP, model: { ...SHOP.model, contextTokens: 100 } });
    expect(between.json["errors"]).toEqual([
      { in: "body", path: "/model/maxOutputTokens", message: expect.stringContaining("found 4096") },
    ]);
  });

  it("shows what the file declares, read-only, in pages", async () => {
    const { as } = await openApi();
    await as(OLIVE)("POST", "/assistants", SHOP);
    const first = await as(OLIVE)("GET", "/assistants?limit=1");
    expect(first.json["items"]).toMatchObject([{ key: "desk", source: "file" }]);
    const second = await as(OLIVE)("GET", `/assistants?limit=1&cursor=${String(first.json["next"])}`);
    expect(second.json["items"]).toMatchObject([{ key: "shop", source: "api" }]);
    expect(second.json).not.toHaveProperty("next");
    expect((await as(ADA)("PATCH", "/assistants/desk", { name: "x" }, '"1"')).json).toMatchObject({ status: 409, code: "read-only" });
  });

  it("are used by those whose role and ownership let them", async () => {
    const { as } = await openApi();
    await as(OLIVE)("POST", "/assistants", SHOP);
    const statuses = async (staff: Staff) => {
      const ask = as(staff);
      const answers = [
        await ask("GET", "/assistants/shop"),
        await ask("PATCH", "/assistants/shop", {}, '"9"'),
        await ask("POST", "/assistants", SHOP),
        await ask("GET", "/assistants/shop/connectors"),
        await ask("POST", "/assistants/shop/connectors", { server: "nowhere" }),
      ];
      return answers.map(({ status }) => status);
    };
    expect(await statuses(OLIVE)).toEqual([200, 412, 409, 200, 403]);
    expect(await statuses(ADA)).toEqual([200, 412, 409, 200, 404]);
    expect(await statuses(OTIS)).toEqual([404, 404, 409, 404, 404]);
    expect(await statuses(SAM)).toEqual([200, 403, 403, 200, 403]);
  });
});

describe("a server of an assistant over the API", () => {
  it("is added, decided about tool by tool, and taken away", async () => {
    const { as, servers } = await openApi();
    servers.get("orders")!.tools = [tool("lookup", { readOnly: true }), tool("refund")];
    const ada = as(ADA);
    await ada("POST", "/assistants", SHOP);
    const path = "/assistants/shop/connectors/orders";
    const added = await ada("POST", "/assistants/shop/connectors", { server: "orders", permissions: { refund: "needs_approval" } });
    expect(added).toMatchObject({ status: 201, json: { server: "orders", status: { status: "connected" }, toolCount: 2 } });
    expect(added.headers.get("location")).toBe(`/api/v1${path}`);
    const patch = { permissions: { refund: { permission: "needs_approval", approver: "staff", safeToRepeat: true } } };
    const patched = await ada("PATCH", path, patch, added.headers.get("etag"));
    expect(patched.json["permissions"]).toMatchObject({ refund: { approver: "staff", safeToRepeat: true, rememberable: false } });
    const allowed = await ada("POST", `${path}/allow-read-only`);
    expect(allowed.json).toMatchObject({ allowed: ["lookup"], permissions: { lookup: { permission: "always_allow" } } });
    expect((await ada("PUT", path, { permissions: {} }, '"2"')).status).toBe(412);
    expect((await ada("PUT", path, { permissions: {} }, allowed.headers.get("etag"))).json["permissions"]).toEqual({});
    expect((await ada("GET", "/assistants/shop/connectors")).json["items"]).toMatchObject([{ server: "orders", serverName: "Orders" }]);
    expect((await ada("DELETE", path, undefined, '"4"')).status).toBe(204);
    expect((await ada("GET", path)).status).toBe(404);
  });

  it("tells a permission that is none", async () => {
    const { as } = await openApi();
    await as(ADA)("POST", "/assistants", SHOP);
    const answer = await as(ADA)("POST", "/assistants/shop/connectors", { server: "orders", permissions: { refund: "sometimes" } });
    expect(answer.json["errors"]).toMatchObject([{ path: "/permissions/refund" }]);
  });
});

describe("sharing over the API", () => {
  const olive = { grantee: { kind: "person", id: "olive" }, level: "use" };

  it("lets a person use a server, and takes it away at once", async () => {
    const { as, live } = await openApi();
    const ada = as(ADA);
    await as(OLIVE)("POST", "/assistants", SHOP);
    expect((await as(OLIVE)("POST", "/assistants/shop/connectors", { server: "orders" })).status).toBe(403);
    const before = await ada("GET", "/mcp-servers/orders/shares");
    expect(before.json).toEqual({ generalAccess: "restricted", shares: [] });
    const shared = await ada("PUT", "/mcp-servers/orders/shares", { shares: [olive] }, before.headers.get("etag"));
    expect(shared.json["shares"]).toEqual([{ grantee: { kind: "person", id: "olive", name: "Olive" }, level: "use" }]);
    expect((await as(OLIVE)("POST", "/assistants/shop/connectors", { server: "orders" })).status).toBe(201);
    expect(live.find("shop")?.connectors).toHaveLength(1);
    expect((await ada("PUT", "/mcp-servers/orders/shares", { shares: [] }, before.headers.get("etag"))).status).toBe(412);
    expect((await ada("PUT", "/mcp-servers/orders/shares", { shares: [] }, shared.headers.get("etag"))).status).toBe(200);
    expect(live.find("shop")?.connectors).toEqual([]);
    expect((await as(OLIVE)("GET", "/assistants/shop/connectors")).json["items"]).toMatchObject([{ suspended: { reason: "share-ended" } }]);
  });

  it("finds whom something can be shared with, for those who may share", async () => {
    const { as } = await openApi();
    expect((await as(OLIVE)("GET", "/grantees?q=sho")).json).toEqual({ items: [{ kind: "group", id: "shops", name: "Shops" }] });
    expect((await as(OLIVE)("GET", "/grantees?q=nobody")).json).toEqual({ items: [] });
    expect((await as(SAM)("GET", "/grantees")).status).toBe(403);
  });

  it("shares nothing when a part of the request is refused", async () => {
    const { as, sharing, servers } = await openApi();
    servers.get("crm")!.sharedConnection = "crm-shared";
    const resource = { kind: "connection", id: "crm-shared" } as const;
    const before = await as(ADA)("GET", "/connections/crm-shared/shares");
    const both = { generalAccess: "everyone", shares: [olive] };
    expect((await as(ADA)("PUT", "/connections/crm-shared/shares", both, before.headers.get("etag"))).status).toBe(422);
    expect(await sharing.list(resource)).toEqual([]);
    expect((await as(ADA)("PUT", "/connections/crm-shared/shares", { shares: [olive] }, before.headers.get("etag"))).status).toBe(200);
    expect(await sharing.list(resource)).toEqual([olive]);
    const stale = await as(ADA)("PUT", "/mcp-servers/orders/shares", { generalAccess: "everyone", shares: [] }, '"1"');
    expect([stale.status, await sharing.access({ kind: "mcp-server", id: "orders" })]).toEqual([412, "restricted"]);
  });

  it("opens a server to everyone and closes it again", async () => {
    const { as, live } = await openApi();
    const put = async (generalAccess: string) => {
      const { headers } = await as(ADA)("GET", "/mcp-servers/orders/shares");
      return as(ADA)("PUT", "/mcp-servers/orders/shares", { generalAccess, shares: [] }, headers.get("etag"));
    };
    expect((await put("everyone")).json["generalAccess"]).toBe("everyone");
    await as(OTIS)("POST", "/assistants", SHOP);
    expect((await as(OTIS)("POST", "/assistants/shop/connectors", { server: "orders" })).status).toBe(201);
    await put("restricted");
    expect(live.find("shop")?.connectors).toEqual([]);
  });

  it("is for those who may manage it; others are told no more than they know", async () => {
    const { as, sharing } = await openApi();
    expect((await as(OLIVE)("GET", "/mcp-servers/orders/shares")).status).toBe(404);
    expect((await as(ADA)("GET", "/mcp-servers/nowhere/shares")).status).toBe(404);
    expect((await as(SAM)("GET", "/mcp-servers/orders/shares")).status).toBe(403);
    await sharing.set({ kind: "mcp-server", id: "orders" }, [{ grantee: { kind: "person", id: "olive" }, level: "use" }], ADA);
    expect((await as(OLIVE)("GET", "/mcp-servers/orders/shares")).status).toBe(403);
    await sharing.set({ kind: "mcp-server", id: "orders" }, [{ grantee: { kind: "group", id: "shops" }, level: "manage" }], ADA);
    const seen = await as(OLIVE)("GET", "/mcp-servers/orders/shares");
    expect(seen.json["shares"]).toEqual([{ grantee: { kind: "group", id: "shops", name: "Shops" }, level: "manage" }]);
    const on = {
      shares: [
        { grantee: { kind: "group", id: "shops" }, level: "manage" },
        { ...olive, grantee: { kind: "person", id: "otis" } },
      ],
    };
    expect((await as(OLIVE)("PUT", "/mcp-servers/orders/shares", on, seen.headers.get("etag"))).status).toBe(200);
    expect(await sharing.allows(OTIS, { kind: "mcp-server", id: "orders" }, "use")).toBe(true);
  });

  it("is not with somebody who is not there", async () => {
    const { as } = await openApi();
    const { headers } = await as(ADA)("GET", "/mcp-servers/orders/shares");
    const body = { shares: [olive, { grantee: { kind: "person", id: "nobody" }, level: "use" }] };
    const answer = await as(ADA)("PUT", "/mcp-servers/orders/shares", body, headers.get("etag"));
    expect(answer).toMatchObject({
      status: 422,
      json: { errors: [{ path: "/shares/1/grantee/id", message: "There is no person nobody." }] },
    });
  });

  it("is for a shared connection, too", async () => {
    const { as, servers, sharing } = await openApi();
    servers.get("crm")!.sharedConnection = "crm-service-account";
    const path = "/connections/crm-service-account/shares";
    const { headers } = await as(ADA)("GET", path);
    expect((await as(ADA)("PUT", path, { shares: [olive] }, headers.get("etag"))).status).toBe(200);
    expect(await sharing.allows(OLIVE, { kind: "connection", id: "crm-service-account" }, "use")).toBe(true);
    expect((await as(ADA)("GET", "/connections/another-connection/shares")).status).toBe(404);
  });
});
