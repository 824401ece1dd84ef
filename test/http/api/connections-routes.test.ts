import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectionsRoutes } from "../../../server/http/api/routes/connections-routes.ts";
import { connectionsStage, type ConnectionsStage } from "../../support/connections-stage.ts";
import { goodMetadata, type ScriptedServer, startScripted } from "../../support/oauth-scripted.ts";
import { type Api, startApi } from "./api-harness.ts";

const BY = { kind: "system", id: "test", name: "Test" } as const;
let peer: ScriptedServer;
let stage: ConnectionsStage;
let api: Api;
let shared: Set<string>;
let sharesEnded: number;

beforeEach(async () => {
  peer = await startScripted();
  peer.answer("/.well-known/oauth-protected-resource/mcp", {
    json: { resource: `${peer.url}/mcp`, authorization_servers: [peer.url], scopes_supported: ["read"] },
  });
  peer.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(peer.url) });
  peer.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-1" }) });
  peer.answer("/token", {
    json: { access_token: "access-secret", refresh_token: "refresh-secret", token_type: "Bearer", expires_in: 3600 },
  });
  peer.answer("/revoke", { status: 200 });
  const url = `${peer.url}/mcp`;
  stage = connectionsStage([
    { key: "orders", name: "Orders", url },
    { key: "robot", name: "Robot", url, sharedGrant: "client_credentials", client: { id: "robot", secret: "robot-secret" } },
  ]);
  shared = new Set();
  sharesEnded = 0;
  stage.documents.onChange(["share"], () => void (sharesEnded += 1));
  const routes = connectionsRoutes({
    connections: stage,
    allows: async (_staff, { id }) => shared.has(id),
    servers: () => [...stage.settings.keys(), "gone"],
  });
  api = await startApi(routes);
});
afterEach(() => peer.close());

const as = (role: string) => ({ headers: { Authorization: `Bearer ${role}` } });

/** A customer's sign-in, without anybody at a browser. */
async function signIn(id: string): Promise<string> {
  const settings = stage.settings.get("orders");
  if (settings === undefined) throw new Error("There is no server.");
  const owner = { kind: "customer", id } as const;
  const started = await stage.flow.start({ settings, owner, scopes: [] });
  return stage.flow.finish({ settings, owner, by: BY }, started, { code: "code", iss: peer.url });
}

describe("connections over the API", () => {
  it("are made at once with client credentials, and removed with their shares", async () => {
    const made = await api.fetch("POST", "/mcp-servers/robot/connections", as("admin"));
    expect([made.status, made.json["status"]]).toEqual([201, "connected"]);
    const id = String(made.json["connectionId"]);
    const read = await api.fetch("GET", `/connections/${id}`, as("admin"));
    expect(read.json).toMatchObject({ server: "robot", owner: { kind: "shared" }, grant: "client_credentials", status: "connected" });
    expect((await api.fetch("DELETE", `/connections/${id}`, as("admin"))).status).toBe(204);
    expect(sharesEnded).toBe(1);
    expect((await api.fetch("DELETE", `/connections/${id}`, as("admin"))).json["code"]).toBe("unknown-connection");
    expect((await stage.documents.listAudit({ limit: 10, filter: {} })).map(({ action }) => action)).toEqual([
      "connection.remove",
      "connection.connect",
    ]);
  });

  it("begin with a page to sign in at otherwise", async () => {
    const made = await api.fetch("POST", "/mcp-servers/orders/connections", as("admin"));
    expect([made.status, made.json["status"]]).toEqual([201, "sign-in"]);
    expect(made.json["authorizationUrl"]).toMatch(/^http:\/\/localhost:4400\/connect\/[\w-]{16,}$/);
  });

  it("say what is wrong: no such server, or one that cannot be signed in to", async () => {
    expect((await api.fetch("POST", "/mcp-servers/nothing/connections", as("admin"))).status).toBe(404);
    peer.answer("/.well-known/oauth-authorization-server", { json: { ...goodMetadata(peer.url), code_challenge_methods_supported: [] } });
    const answer = await api.fetch("POST", "/mcp-servers/orders/connections", as("admin"));
    expect([answer.status, answer.json["code"]]).toEqual([502, "sign-in-unavailable"]);
    expect(answer.json["detail"]).toContain("PKCE");
  });

  it("are listed page by page, of one server where asked, and never with a secret", async () => {
    await Promise.all(["customer-a", "customer-b", "customer-c"].map(signIn));
    await api.fetch("POST", "/mcp-servers/robot/connections", as("admin"));
    const first = await api.fetch("GET", "/connections?limit=3", as("admin"));
    const second = await api.fetch("GET", `/connections?limit=3&cursor=${String(first.json["next"])}`, as("admin"));
    const items = [first, second].flatMap(({ json }) => json["items"] as { id: string; server: string }[]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(4);
    expect(items).toContainEqual(expect.objectContaining({ connectedAt: expect.any(Number), lastUsedAt: expect.any(Number) }));
    expect(second.json["next"]).toBeUndefined();
    const ofOrders = await api.fetch("GET", "/connections?server=orders", as("admin"));
    expect((ofOrders.json["items"] as unknown[]).length).toBe(3);
    expect(first.text + second.text + ofOrders.text).not.toMatch(/secret|client-1|v1\./);
  });

  it("are for an owner the shared ones that were shared with them, and nobody else's", async () => {
    const personal = await signIn("customer-a");
    const made = await api.fetch("POST", "/mcp-servers/robot/connections", as("admin"));
    const id = String(made.json["connectionId"]);
    expect((await api.fetch("GET", "/connections", as("owner"))).json["items"]).toEqual([]);
    expect((await api.fetch("GET", `/connections/${id}`, as("owner"))).status).toBe(404);
    shared.add(id).add(personal);
    expect((await api.fetch("GET", "/connections", as("owner"))).json["items"]).toMatchObject([{ id }]);
    expect((await api.fetch("GET", `/connections/${personal}`, as("owner"))).status).toBe(404);
    expect((await api.fetch("GET", `/connections/${id}`, as("owner"))).status).toBe(200);
    expect((await api.fetch("DELETE", `/connections/${id}`, as("owner"))).status).toBe(403);
    expect((await api.fetch("POST", "/mcp-servers/robot/connections", as("owner"))).status).toBe(403);
    expect((await api.fetch("GET", "/connections", as("support"))).status).toBe(403);
  });

  it("are found for an owner without reading through everybody's, in the order and pages of the others", async () => {
    for (const key of ["a", "b", "c"]) stage.settings.set(key, { ...stage.settings.get("robot")!, key });
    const ids = [];
    for (const key of ["a", "b", "c", "robot"]) {
      const { json } = await api.fetch("POST", `/mcp-servers/${key}/connections`, as("admin"));
      ids.push(String(json["connectionId"]));
    }
    for (const id of ids.slice(0, 3)) shared.add(id);
    const list = vi.spyOn(stage.documents, "list");
    const first = await api.fetch("GET", "/connections?limit=2", as("owner"));
    const second = await api.fetch("GET", `/connections?limit=2&cursor=${String(first.json["next"])}`, as("owner"));
    const listed = [first, second].flatMap(({ json }) => (json["items"] as { id: string }[]).map(({ id }) => id));
    expect(listed).toEqual(ids.slice(0, 3).toSorted());
    expect(second.json["next"]).toBeUndefined();
    expect((await api.fetch("GET", "/connections?server=b", as("owner"))).json["items"]).toMatchObject([{ server: "b" }]);
    expect((await api.fetch("GET", "/connections?server=robot", as("owner"))).json["items"]).toEqual([]);
    expect((await api.fetch("GET", "/connections?server=nothing", as("owner"))).json["items"]).toEqual([]);
    expect(list.mock.calls.filter(([kind]) => kind === "connection")).toEqual([]);
  });
});
