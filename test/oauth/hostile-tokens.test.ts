import { describe, expect, it } from "vitest";
import { connectionsStage, STAFF } from "../support/connections-stage.ts";
import { goodMetadata, startScripted } from "../support/oauth-scripted.ts";
import { ADA, mcp, auth, stage, settings, start, connect, token, formsTo } from "./hostile-harness.ts";

describe("tokens and clients", () => {
  it("stay with the issuer that gave them: a server that changes it begins anew", async () => {
    await connect();
    expect(await token()).toBe("access-1");
    const evil = await startScripted();
    evil.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(evil.url) });
    evil.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-2" }) });
    mcp.answer("/.well-known/oauth-protected-resource/mcp", { json: { resource: `${mcp.url}/mcp`, authorization_servers: [evil.url] } });
    const started = await start();
    expect(started).toMatchObject({ issuer: evil.url, client: { id: "client-2" } });
    stage.advance(3_600_000);
    expect(await token()).toBe("access-2");
    expect(JSON.stringify(evil.requests)).not.toMatch(/refresh-|access-|client-1/);
    await evil.close();
  });

  it("does not tell another issuer a client secret that was entered for one", async () => {
    stage.settings.set("orders", { ...settings(), client: { id: "entered", secret: "entered-secret" } });
    auth.answer("/.well-known/oauth-authorization-server", {
      json: { ...goodMetadata(auth.url), token_endpoint_auth_methods_supported: ["client_secret_post"] },
    });
    await connect();
    expect(formsTo("/token")[0]?.get("client_secret")).toBe("entered-secret");
    const evil = await startScripted();
    evil.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(evil.url) });
    mcp.answer("/.well-known/oauth-protected-resource/mcp", { json: { resource: `${mcp.url}/mcp`, authorization_servers: [evil.url] } });
    await expect(start()).rejects.toThrow("entered for another one");
    expect(JSON.stringify(evil.requests)).not.toContain("entered");
    await evil.close();
  });

  it("are not sent to a server whose address is another one now", async () => {
    await connect();
    expect(await token()).toBe("access-1");
    stage.settings.set("orders", { ...settings(), url: "http://localhost:9/mcp" });
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
    // A path beside the resource is another resource.
    stage.settings.set("orders", { ...settings(), url: `${mcp.url}/mcp-other` });
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
  });

  it.each([
    ["a type that is not Bearer", { access_token: "a", token_type: "DPoP" }, "of the unknown type"],
    ["no token", { token_type: "Bearer" }, "cannot be read"],
    ["a token with a line break", { access_token: "a\r\nX-Evil: 1", token_type: "Bearer" }, "cannot be read"],
  ])("are refused when the answer has %s", async (_what, json, message) => {
    auth.answer("/token", { json });
    await expect(connect()).rejects.toThrow(message);
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "first" } });
  });

  it.each([
    ["client_secret_basic", ["client_secret_basic"]],
    ["client_secret_post", ["client_secret_post"]],
    ["none", ["none", "client_secret_basic"]],
  ])("are asked for with %s", async (method, supported) => {
    auth.answer("/.well-known/oauth-authorization-server", {
      json: { ...goodMetadata(auth.url), token_endpoint_auth_methods_supported: supported },
    });
    auth.answer("/register", (request) => ({
      status: 201,
      body: JSON.stringify({
        ...(JSON.parse(request.body) as object),
        client_id: "client 1",
        ...(method === "none" ? {} : { client_secret: "s:1" }),
      }),
    }));
    await connect();
    const request = auth.requests.find(({ path }) => path === "/token");
    const form = new URLSearchParams(request?.body);
    const basic = `Basic ${Buffer.from("client+1:s%3A1").toString("base64")}`;
    expect([request?.headers.authorization, form.get("client_id"), form.get("client_secret")]).toEqual(
      method === "client_secret_basic"
        ? [basic, null, null]
        : method === "none"
          ? [undefined, "client 1", null]
          : [undefined, "client 1", "s:1"],
    );
    expect(form.get("resource")).toBe(`${mcp.url}/mcp`);
    expect(form.get("code_verifier")).toMatch(/^[\w-]{43,128}$/);
  });

  it("are kept when the authorization server is away for a moment, and renewed later", async () => {
    await connect();
    stage.advance(3_600_000 - 30_000);
    auth.answer("/token", { status: 503 });
    expect(await token()).toBe("access-1");
    stage.advance(31_000);
    await expect(stage.authorizations.token("orders", ADA)).rejects.toThrow("refused the sign-in (503)");
    const before = formsTo("/token").length;
    // It is left in peace for a moment.
    await expect(stage.authorizations.token("orders", ADA)).rejects.toThrow();
    expect(formsTo("/token")).toHaveLength(before);
    stage.advance(10_000);
    auth.answer("/token", { json: { access_token: "access-9", token_type: "bearer" } });
    expect(await token()).toBe("access-9");
    expect(formsTo("/token").at(-1)?.get("refresh_token")).toBe("refresh-1");
  });

  it("end after a year without use, and not in a year with", async () => {
    auth.answer("/token", { json: { access_token: "for-ever", token_type: "bearer" } });
    await connect();
    for (let month = 0; month < 14; month += 1) {
      stage.advance(30 * 24 * 3_600_000);
      expect(await token()).toBe("for-ever");
    }
    stage.advance(366 * 24 * 3_600_000);
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "first" } });
  });

  it("does not expire for a server that refuses every token at once more than twice", async () => {
    await connect();
    const refuse = async (refused: string) =>
      stage.authorizations.refused("orders", ADA, { status: 401, challenge: undefined, token: refused });
    expect(await refuse("access-1")).toEqual({ token: "access-2" });
    expect(await refuse("access-2")).toMatchObject({ need: { reason: "expired" } });
    expect(formsTo("/token").filter((form) => form.get("grant_type") === "refresh_token")).toHaveLength(1);
  });

  it("asks a person to register a client where nothing else is possible", async () => {
    auth.answer("/.well-known/oauth-authorization-server", { json: { ...goodMetadata(auth.url), registration_endpoint: undefined } });
    await expect(start()).rejects.toThrow(/Register a client there by hand, with the redirect address http:\S+\/oauth\/callback/);
    auth.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(auth.url) });
    auth.answer("/register", { status: 403, body: "{}" });
    await expect(start()).rejects.toThrow("Register a client there by hand");
    stage.settings.set("orders", {
      ...settings(),
      client: { id: "entered", redirectUrl: "https://desk.example/oauth/callback" },
      scope: "only these",
    });
    const { searchParams } = new URL((await start()).authorizationUrl);
    expect([searchParams.get("client_id"), searchParams.get("scope"), searchParams.get("redirect_uri")]).toEqual([
      "entered",
      "only these",
      "https://desk.example/oauth/callback",
    ]);
  });

  it("asks for the scopes that were entered, however it came to its client", async () => {
    stage.settings.set("orders", { ...settings(), scope: "only these" });
    expect((await start()).authorizationUrl).toMatch(/client_id=client-1&.*scope=only\+these/);
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { scopes: ["only", "these"] } });
  });

  it("is known by its document where both sides can do that", async () => {
    auth.answer("/.well-known/oauth-authorization-server", {
      json: { ...goodMetadata(auth.url), client_id_metadata_document_supported: true },
    });
    expect(await start()).toMatchObject({ client: { id: "client-1" } });
    const https = connectionsStage([settings()], { publicUrl: () => "https://desk.example" });
    expect(await https.flow.start({ settings: settings(), owner: ADA, scopes: [] })).toMatchObject({
      client: { id: "https://desk.example/oauth/client.json", redirectUri: "https://desk.example/oauth/callback" },
    });
  });

  it("are removed here even if the authorization server cannot be told", async () => {
    await connect();
    auth.answer("/revoke", { status: 500 });
    const [connection] = await stage.list.list({ limit: 10 });
    await stage.list.remove(connection?.id ?? "", STAFF);
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "first" } });
    expect(stage.logged.join()).toContain("could not be asked");
    expect(stage.logged.join()).not.toMatch(/access-1|refresh-1/);
  });
});
