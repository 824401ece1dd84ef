import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STAFF } from "../support/connections-stage.ts";
import { connectStage, type ConnectStage } from "../support/connect-stage.ts";
import { type ProviderPeer, startProvider } from "../support/oauth-process.ts";
import { OAuthVisitor } from "../support/oauth-visitor.ts";

let peer: ProviderPeer;
let scene: ConnectStage;
const ADA = { kind: "customer", id: "customer-ada" } as const;

beforeAll(async () => {
  peer = await startProvider();
  scene = await connectStage({ servers: [{ key: "orders", name: "Orders", url: peer.url }] });
});
afterAll(async () => {
  await scene.close();
  await peer.stop();
});

/** What the page's script sends once it was told the proof. */
function show(visitor: OAuthVisitor, url: string, proof: string, more: { origin?: string; site?: string } = {}): Promise<Response> {
  return visitor.request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": more.site ?? "same-origin" },
    body: JSON.stringify({ proof, origin: more.origin ?? scene.shopUrl }),
  });
}

/** As far as the authorization server's way back, which the visitor has not gone yet. */
async function untilCallback(visitor: OAuthVisitor, customerId: string, decision: "allow" | "deny" = "allow"): Promise<URL> {
  const { url, proof } = await scene.begin(customerId);
  const opened = await show(visitor, url, proof);
  expect(opened.status).toBe(200);
  const { authorizationUrl } = (await opened.json()) as { authorizationUrl: string };
  return visitor.signIn(authorizationUrl, `${scene.url}/oauth/callback`, decision);
}

async function heading(response: Response): Promise<string> {
  return /<h1>([^<]*)</.exec(await response.text())?.[1] ?? "";
}

describe("the way back from the authorization server", () => {
  it("connects the customer who began, tells the conversation, and is good once", async () => {
    const visitor = new OAuthVisitor();
    const back = await untilCallback(visitor, ADA.id);
    const end = await visitor.request(back);
    expect([end.status, await heading(end)]).toEqual([200, "You are connected to Orders"]);
    expect(scene.stage.connected.at(-1)).toEqual({ conversationId: "conversation-1", requestId: "request-0001", customerId: ADA.id });
    expect(await scene.stage.authorizations.token("orders", ADA)).toHaveProperty("token");
    expect(await scene.stage.signIns.list(ADA.id, scene.assistant)).toMatchObject([
      { server: "orders", serverName: "Orders", status: "connected" },
    ]);
    const before = scene.stage.connected.length;
    expect((await visitor.request(back)).status).toBe(400);
    expect(scene.stage.connected).toHaveLength(before);
  });

  it("refuses it in another browser, and still takes it in the right one", async () => {
    const visitor = new OAuthVisitor();
    const back = await untilCallback(visitor, "customer-bob");
    const stranger = new OAuthVisitor();
    const refused = await stranger.request(back);
    const page = await refused.text();
    expect([refused.status, /<h1>([^<]*)</.exec(page)?.[1]]).toEqual([400, "This sign-in is over"]);
    // Nobody knows whose it was, so it tells customers and staff how to go on.
    for (const next of ["press Connect again", "for a shared account"]) expect(page).toContain(next);
    // A stranger with a sign-in of their own, and so with a cookie of their own, is a stranger too.
    await untilCallback(stranger, "customer-eve");
    expect((await stranger.request(back)).status).toBe(400);
    expect(await scene.stage.authorizations.token("orders", { kind: "customer", id: "customer-bob" })).toHaveProperty("need");
    expect((await visitor.request(back)).status).toBe(200);
    expect(await scene.stage.authorizations.token("orders", { kind: "customer", id: "customer-eve" })).toHaveProperty("need");
  });

  it("refuses an answer that names another issuer, or none where one was promised", async () => {
    for (const iss of ["https://evil.example", `${peer.issuer}/`, undefined]) {
      const visitor = new OAuthVisitor();
      const back = await untilCallback(visitor, "customer-carl");
      const code = back.searchParams.get("code");
      if (iss === undefined) back.searchParams.delete("iss");
      else back.searchParams.set("iss", iss);
      const before = (await peer.counts()).granted["authorization_code"] ?? 0;
      const end = await visitor.request(back);
      expect(end.status).toBe(502);
      expect(await end.text()).not.toContain(code);
      // The code was not sent anywhere.
      expect((await peer.counts()).granted["authorization_code"] ?? 0).toBe(before);
    }
    expect(await scene.stage.authorizations.token("orders", { kind: "customer", id: "customer-carl" })).toHaveProperty("need");
  });

  it("says that nothing was connected when the customer said no", async () => {
    const visitor = new OAuthVisitor();
    const back = await untilCallback(visitor, "customer-dan", "deny");
    const end = await visitor.request(back);
    expect([end.status, await heading(end)]).toEqual([200, "Not connected to Orders"]);
    expect(await scene.stage.authorizations.token("orders", { kind: "customer", id: "customer-dan" })).toMatchObject({
      need: { reason: "first" },
    });
    const declined = (customerId: string): Promise<boolean> =>
      scene.stage.signIns.wasDeclined({ customerId, conversationId: "conversation-1", requestId: "request-0001" });
    expect([await declined("customer-dan"), await declined("customer-zoe")]).toEqual([true, false]);
    // Another try, whose window may be closed early.
    await untilCallback(visitor, "customer-dan");
    expect(await declined("customer-dan")).toBe(false);
  });

  it("forgets a sign-in after ten minutes", async () => {
    const visitor = new OAuthVisitor();
    const back = await untilCallback(visitor, "customer-fay");
    scene.stage.advance(11 * 60_000);
    expect((await visitor.request(back)).status).toBe(400);
  });

  it("takes no state, code or issuer that comes twice, and none at all", async () => {
    const visitor = new OAuthVisitor();
    const back = await untilCallback(visitor, "customer-gus");
    const twice = new URL(back);
    twice.searchParams.append("state", "another");
    expect((await visitor.request(twice)).status).toBe(400);
    expect((await visitor.request(`${scene.url}/oauth/callback`)).status).toBe(400);
    expect((await visitor.request(back, { method: "HEAD" })).status).toBe(200);
    expect((await visitor.request(back)).status).toBe(200);
  });
});

describe("the page that begins a sign-in", () => {
  it("goes on for the proof from the chat's page only, and once", async () => {
    const visitor = new OAuthVisitor();
    const { url, proof } = await scene.begin(ADA.id);
    expect((await show(visitor, url, "another-proof-than-that")).status).toBe(403);
    expect((await show(visitor, url, proof, { origin: "https://evil.example" })).status).toBe(403);
    expect((await show(visitor, url, proof, { site: "cross-site" })).status).toBe(403);
    expect(visitor.cookies(new URL(url).host).size).toBe(0);
    const opened = await show(visitor, url, proof);
    expect(opened.status).toBe(200);
    expect(opened.headers.get("set-cookie")).toMatch(/^frontdesk-sign-in-\S+=\S+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    expect((await show(visitor, url, proof)).status).toBe(404);
    const gone = await visitor.request(url, { headers: { "accept-language": "de-DE,de;q=0.9,en;q=0.5" } });
    expect([gone.status, await heading(gone)]).toEqual([404, "Diese Anmeldung ist vorbei"]);
  });

  it("lets the opener be seen, and nothing foreign in", async () => {
    const { url } = await scene.begin(ADA.id);
    const response = await fetch(url);
    expect(response.headers.get("cross-origin-opener-policy")).toBe("unsafe-none");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("keeps ticket, proof, state and verifier as hashes or sealed", async () => {
    const { url, proof } = await scene.begin(ADA.id);
    const kept = JSON.stringify(await scene.stage.documents.list("sign-in", { limit: 500, now: Date.now() }));
    expect(kept).not.toContain(proof);
    expect(kept).not.toContain(url.split("/").at(-1));
    expect(kept).not.toContain("code_challenge");
  });

  it("takes staff to the sign-in at once, in the browser that opens it first", async () => {
    const begun = await scene.stage.shared.begin("orders", STAFF);
    if (begun.status !== "sign-in") throw new Error("There is nothing to sign in to.");
    const visitor = new OAuthVisitor();
    expect((await visitor.request(begun.authorizationUrl, { method: "HEAD" })).status).toBe(200);
    const opened = await visitor.request(begun.authorizationUrl);
    expect(opened.status).toBe(303);
    expect((await new OAuthVisitor().request(begun.authorizationUrl)).status).toBe(404);
    const back = await visitor.signIn(opened.headers.get("location") ?? "", `${scene.url}/oauth/callback`);
    expect((await new OAuthVisitor().request(back)).status).toBe(400);
    expect(scene.stage.sharedMade).toEqual([]);
    expect((await visitor.request(back)).status).toBe(200);
    expect(scene.stage.sharedMade).toEqual(["orders"]);
    expect(await scene.stage.authorizations.token("orders", { kind: "shared" })).toHaveProperty("token");
    expect(await scene.stage.list.find(begun.connectionId)).toMatchObject({ connectedBy: STAFF, owner: { kind: "shared" } });
    // A customer's list has their own only, and the shared one is not theirs to remove.
    await expect(scene.stage.signIns.remove(ADA.id, begun.connectionId)).rejects.toMatchObject({ code: "unknown-connection" });
  });

  it("says what is wrong when the service is away", async () => {
    scene.stage.settings.set("away", { key: "away", name: "Away", url: "http://localhost:1/mcp" });
    const assistant = { ...scene.assistant, connectors: [{ server: "away", method: "personal" as const, permissions: {} }] };
    const request = {
      customerId: ADA.id,
      assistant,
      conversationId: "conversation-1",
      requestId: "request-0001",
      server: "away",
      scopes: [],
    };
    await expect(scene.stage.signIns.begin(request)).rejects.toMatchObject({ code: "sign-in-unavailable", detail: /cannot be reached/ });
    // Nor for a server that this assistant does not let its customers sign in to.
    await expect(scene.stage.signIns.begin({ ...request, server: "orders" })).rejects.toMatchObject({ code: "sign-in-unavailable" });
  });
});
