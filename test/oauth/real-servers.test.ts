import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionsStage, STAFF } from "../support/connections-stage.ts";
import { type OAuthPeer, type ProviderPeer, startProvider, startStrictOAuth } from "../support/oauth-process.ts";
import { clientDocument } from "../../server/oauth/client-metadata.ts";
import { type ScriptedServer, startScripted } from "../support/oauth-scripted.ts";
import { waitFor } from "../support/wait-for.ts";
import { callTool } from "../support/oauth-tool-call.ts";

const ADA = { kind: "customer", id: "customer-ada" } as const;
const HOUR_MS = 3_600_000;

describe("the official v1 example in strict mode", () => {
  let peer: OAuthPeer;
  beforeAll(async () => {
    peer = await startStrictOAuth();
  });
  afterAll(() => peer.stop());

  it("is signed in to: found, registered at, and given a token for exactly its resource", async () => {
    const stage = connectionsStage([{ key: "orders", name: "Orders", url: peer.url }]);
    expect(await stage.authorizations.token("orders", ADA)).toEqual({
      need: { server: "orders", serverName: "Orders", scopes: ["mcp:tools"], reason: "first" },
    });
    await stage.signIn("orders", ADA.id);
    const answer = await stage.authorizations.token("orders", ADA);
    if (!("token" in answer)) throw new Error("There is no token.");
    expect(await callTool(peer.url, answer.token, "greet", { name: "Ada" })).toMatchObject({ status: 200 });
    // Its answer to a wrong token is 500.
    expect(await callTool(peer.url, "another", "greet", { name: "Ada" })).not.toMatchObject({ status: 200 });
  });

  it("gives no refresh token, so an ended token asks for the sign-in again", async () => {
    const stage = connectionsStage([{ key: "orders", name: "Orders", url: peer.url }]);
    await stage.signIn("orders", ADA.id);
    stage.advance(2 * HOUR_MS);
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
  });
});

describe("oidc-provider", () => {
  let peer: ProviderPeer;
  const clients = [
    {
      client_id: "service",
      client_secret: "a secret & more: 100%",
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
  ];
  beforeAll(async () => {
    peer = await startProvider({ clients });
  });
  afterAll(() => peer.stop());
  const server = () => ({ key: "orders", name: "Orders", url: peer.url });

  it("signs each customer in as themselves, and nobody has another's token", async () => {
    const stage = connectionsStage([server()]);
    await stage.signIn("orders", "customer-ada");
    await stage.signIn("orders", "customer-bob");
    const tokenOf = async (id: string): Promise<string> => {
      const answer = await stage.authorizations.token("orders", { kind: "customer", id });
      return "token" in answer ? answer.token : "";
    };
    const [ada, bob] = [await tokenOf("customer-ada"), await tokenOf("customer-bob")];
    expect(ada).not.toBe(bob);
    const said = [await callTool(peer.url, ada, "whoami"), await callTool(peer.url, bob, "whoami")].map(({ text }) => text);
    expect(said[0]).toMatch(/whoami: account-\d+/);
    expect(said[0]).not.toBe(said[1]);
    expect(await stage.authorizations.token("orders", { kind: "customer", id: "customer-eve" })).toMatchObject({
      need: { reason: "first" },
    });
    expect(await stage.authorizations.token("orders", { kind: "shared" })).toMatchObject({ need: { reason: "first" } });
    // Registered once for the server and the issuer, not for each customer.
    expect((await peer.counts()).registered).toBe(1);
    expect(new Set((await peer.counts()).resources)).toEqual(new Set([peer.url]));
  });

  it("renews a token before it ends, once, however many ask, and never sends a refresh token twice", async () => {
    const stage = connectionsStage([server()]);
    await stage.signIn("orders", ADA.id);
    const before = (await peer.counts()).granted["refresh_token"] ?? 0;
    stage.advance(HOUR_MS - 30_000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => stage.authorizations.token("orders", ADA)));
    const tokens = new Set(answers.map((answer) => ("token" in answer ? answer.token : "none")));
    expect(tokens.size).toBe(1);
    expect((await peer.counts()).granted["refresh_token"]).toBe(before + 1);
    expect(await callTool(peer.url, [...tokens][0] ?? "", "whoami")).toMatchObject({ status: 200 });
    stage.advance(HOUR_MS - 30_000);
    await stage.authorizations.token("orders", ADA);
    expect((await peer.counts()).granted["refresh_token"]).toBe(before + 2);
    expect((await peer.counts()).refused).toEqual({});
  });

  it("forgets everybody's sign-ins at a server at once, and tells the provider behind", async () => {
    const stage = connectionsStage([server()]);
    for (const id of ["customer-ada", "customer-bob"]) await stage.signIn("orders", id);
    const before = (await peer.counts()).revoked;
    await stage.list.removeAll("orders", STAFF);
    for (const id of ["customer-ada", "customer-bob"])
      expect(await stage.authorizations.token("orders", { kind: "customer", id })).toMatchObject({ need: { reason: "first" } });
    await waitFor(async () => (await peer.counts()).revoked >= before + 2);
  });

  it("takes a refused token for ended, and renews it", async () => {
    const stage = connectionsStage([server()]);
    await stage.signIn("orders", ADA.id);
    const first = await stage.authorizations.token("orders", ADA);
    if (!("token" in first)) throw new Error("There is no token.");
    const refusal = { status: 401, challenge: undefined, token: first.token } as const;
    const second = await stage.authorizations.refused("orders", ADA, refusal);
    if (!("token" in second)) throw new Error("It was not renewed.");
    expect(second.token).not.toBe(first.token);
    // Whoever is late with the same complaint gets the new one.
    expect(await stage.authorizations.refused("orders", ADA, refusal)).toEqual(second);
  });

  it("asks for more scopes when a tool needs them, keeps those it had, and not for ever", async () => {
    const stage = connectionsStage([server()]);
    await stage.signIn("orders", ADA.id);
    const first = await stage.authorizations.token("orders", ADA);
    if (!("token" in first)) throw new Error("There is no token.");
    const { status, challenge } = await callTool(peer.url, first.token, "refund");
    expect(status).toBe(403);
    const answer = await stage.authorizations.refused("orders", ADA, { status: 403, challenge, token: first.token });
    if (!("need" in answer)) throw new Error("Nothing is asked for.");
    expect(answer.need).toMatchObject({ reason: "scope" });
    expect(answer.need.scopes).toEqual(expect.arrayContaining(["orders:read", "orders:refund"]));
    await stage.signIn("orders", ADA.id, answer.need.scopes);
    const second = await stage.authorizations.token("orders", ADA);
    if (!("token" in second)) throw new Error("There is no token.");
    expect(await callTool(peer.url, second.token, "refund")).toMatchObject({ status: 200 });
    await expect(stage.authorizations.refused("orders", ADA, { status: 403, challenge, token: second.token })).rejects.toThrow(
      "does not allow enough",
    );
  });

  it("asks for the sign-in again when the provider has revoked it, and shows it as expired", async () => {
    const stage = connectionsStage([server()]);
    const id = await stage.signIn("orders", ADA.id);
    const first = await stage.authorizations.token("orders", ADA);
    if (!("token" in first)) throw new Error("There is no token.");
    await peer.revokeAll();
    const { status, challenge } = await callTool(peer.url, first.token, "whoami");
    expect(status).toBe(401);
    expect(await stage.authorizations.refused("orders", ADA, { status: 401, challenge, token: first.token })).toMatchObject({
      need: { reason: "expired", scopes: expect.arrayContaining(["orders:read"]) },
    });
    expect(await stage.list.find(id)).toMatchObject({ status: "expired" });
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
    await stage.signIn("orders", ADA.id);
    expect(await stage.authorizations.token("orders", ADA)).toHaveProperty("token");
  });

  it("is told when a connection is removed, and its token is no longer good", async () => {
    const stage = connectionsStage([server()]);
    const id = await stage.signIn("orders", ADA.id);
    const answer = await stage.authorizations.token("orders", ADA);
    if (!("token" in answer)) throw new Error("There is no token.");
    await stage.list.remove(id, STAFF);
    expect(await callTool(peer.url, answer.token, "whoami")).toMatchObject({ status: 401 });
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "first" } });
    expect((await peer.counts()).revoked).toBeGreaterThan(0);
  });

  it("gives a shared connection to a client that signs in as itself", async () => {
    const stage = connectionsStage([
      { ...server(), sharedGrant: "client_credentials", client: { id: "service", secret: "a secret & more: 100%" }, scope: "orders:read" },
    ]);
    expect(await stage.shared.begin("orders", STAFF)).toMatchObject({ status: "connected" });
    const first = await stage.authorizations.token("orders", { kind: "shared" });
    if (!("token" in first)) throw new Error("There is no token.");
    expect(await callTool(peer.url, first.token, "whoami")).toMatchObject({ status: 200, text: "whoami: service" });
    stage.advance(HOUR_MS - 30_000);
    const second = await stage.authorizations.token("orders", { kind: "shared" });
    expect(second).toHaveProperty("token");
    expect(second).not.toEqual(first);
  });

  it("leaves no secret in documents, log and audit", async () => {
    const stage = connectionsStage([server()]);
    const id = await stage.signIn("orders", ADA.id);
    const answer = await stage.authorizations.token("orders", ADA);
    if (!("token" in answer)) throw new Error("There is no token.");
    const now = Date.now();
    const kinds = ["connection", "oauth-client", "sign-in"] as const;
    const kept = await Promise.all(kinds.map((kind) => stage.documents.list(kind, { limit: 100, now })));
    const audit = await stage.documents.listAudit({ limit: 100, filter: {} });
    expect(JSON.stringify([kept, audit, stage.logged, await stage.list.find(id)])).not.toContain(answer.token);
    expect(audit.map(({ action }) => action)).toEqual(["connection.connect"]);
  });
});

describe("a provider that takes Client ID Metadata Documents", () => {
  const publicUrl = "https://desk.example";
  let peer: ProviderPeer;
  let document: ScriptedServer;
  beforeAll(async () => {
    document = await startScripted();
    peer = await startProvider({ clientDocuments: { [publicUrl]: document.url } });
  });
  afterAll(() => Promise.all([peer.stop(), document.close()]));

  it("reads ours, and registers nothing", async () => {
    document.answer("/oauth/client.json", { json: clientDocument(publicUrl) });
    const stage = connectionsStage([{ key: "orders", name: "Orders", url: peer.url }], { publicUrl: () => publicUrl });
    await stage.signIn("orders", ADA.id);
    const answer = await stage.authorizations.token("orders", ADA);
    if (!("token" in answer)) throw new Error("There is no token.");
    expect(await callTool(peer.url, answer.token, "whoami")).toMatchObject({ status: 200 });
    expect(await peer.counts()).toMatchObject({ registered: 0, granted: { authorization_code: 1 } });
    expect(document.requests.length).toBeGreaterThan(0);
  });
});
