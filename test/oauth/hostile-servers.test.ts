import { describe, expect, it } from "vitest";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { connectionsStage } from "../support/connections-stage.ts";
import { goodMetadata, startScripted } from "../support/oauth-scripted.ts";
import { ADA, BY, mcp, auth, stage, settings, start, connect } from "./hostile-harness.ts";

describe("what a server says about its sign-in", () => {
  it("is asked for in order: the challenge's address, then the well-known ones", async () => {
    mcp.answer("/mcp", {
      status: 401,
      headers: { "www-authenticate": `Bearer resource_metadata="${mcp.url}/elsewhere", scope="one two"` },
    });
    mcp.answer("/elsewhere", { json: { resource: mcp.url, authorization_servers: [auth.url] } });
    const started = await start();
    expect(started).toMatchObject({ scopes: ["one", "two"], resource: mcp.url });
    const url = new URL(started.authorizationUrl);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "client-1",
      code_challenge_method: "S256",
      resource: mcp.url,
      scope: "one two",
    });
  });

  it.each([
    ["another resource", () => ({ resource: "https://other.example/mcp", authorization_servers: [auth.url] }), "for another resource"],
    ["a neighbouring path", () => ({ resource: `${mcp.url}/mc`, authorization_servers: [auth.url] }), "for another resource"],
    ["no authorization server", () => ({ resource: `${mcp.url}/mcp`, authorization_servers: [] }), "publishes no metadata"],
    ["something else", () => "text", "publishes no metadata"],
    ["a file", () => ({ resource: `${mcp.url}/mcp`, authorization_servers: ["file:///etc/passwd"] }), "not an http(s) address"],
    ["a private address", () => ({ resource: `${mcp.url}/mcp`, authorization_servers: ["https://169.254.169.254"] }), "private network"],
    [
      "a plain public one",
      () => ({ resource: `${mcp.url}/mcp`, authorization_servers: ["http://93.184.216.34"] }),
      "only reached over https",
    ],
  ])("is refused when its metadata names %s", async (_what, metadata, message) => {
    mcp.answer("/.well-known/oauth-protected-resource/mcp", { json: metadata() });
    await expect(start()).rejects.toThrow(message);
    expect(auth.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it.each([
    ["calls itself another issuer", () => ({ issuer: "https://bank.example" }), "calls itself"],
    ["spells itself in another way", () => ({ issuer: `${auth.url}/x` }), "calls itself"],
    ["does not do PKCE", () => ({ code_challenge_methods_supported: undefined }), "PKCE"],
    ["does only plain PKCE", () => ({ code_challenge_methods_supported: ["plain"] }), "PKCE"],
    ["has a script for a sign-in page", () => ({ authorization_endpoint: "javascript:alert(1)" }), "not an https address"],
    ["has data for a sign-in page", () => ({ authorization_endpoint: "data:text/html,x" }), "not an https address"],
    ["has a password in an address", () => ({ token_endpoint: "https://user:password@auth.example/token" }), "not an https address"],
    ["has no token endpoint", () => ({ token_endpoint: undefined }), "cannot be read"],
  ])("is refused when its authorization server %s", async (_what, change, message) => {
    auth.answer("/.well-known/oauth-authorization-server", { json: { ...goodMetadata(auth.url), ...change() } });
    await expect(start()).rejects.toThrow(message);
    expect(auth.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("is refused when it is huge, or leads elsewhere", async () => {
    const path = "/.well-known/oauth-authorization-server";
    auth.answer(path, { status: 200, body: JSON.stringify({ ...goodMetadata(auth.url), more: "x".repeat(300_000) }) });
    await expect(start()).rejects.toThrow("cannot be reached");
    auth.answer(path, { status: 302, headers: { location: `${mcp.url}/metadata` } });
    mcp.answer("/metadata", { json: goodMetadata(auth.url) });
    await expect(start()).rejects.toThrow("publishes no metadata of an authorization server");
    expect(mcp.requests.map((request) => request.path)).not.toContain("/metadata");
    // Within the origin a redirect is followed.
    auth.answer(path, { status: 302, headers: { location: "/moved" } });
    auth.answer("/moved", { json: goodMetadata(auth.url) });
    await expect(start()).resolves.toHaveProperty("authorizationUrl");
  });

  it("is found at every well-known address of an issuer with a path, plain OAuth first", async () => {
    const issuer = `${auth.url}/tenant`;
    mcp.answer("/.well-known/oauth-protected-resource/mcp", { json: { resource: `${mcp.url}/mcp`, authorization_servers: [issuer] } });
    auth.answer("/tenant/.well-known/openid-configuration", { json: { ...goodMetadata(auth.url), issuer } });
    await expect(start()).resolves.toMatchObject({ issuer });
    expect(auth.requests.filter(({ method }) => method === "GET").map(({ path }) => path)).toEqual([
      "/.well-known/oauth-authorization-server/tenant",
      "/.well-known/openid-configuration/tenant",
      "/tenant/.well-known/openid-configuration",
    ]);
  });

  it("is its own authorization server where it has no metadata, as before June 2025", async () => {
    mcp.answer("/.well-known/oauth-protected-resource/mcp", { status: 404 });
    mcp.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(mcp.url) });
    mcp.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-1" }) });
    stage.settings.set("orders", { ...settings(), url: `${mcp.url}/mcp?token=secret` });
    const started = await start();
    expect(started).toMatchObject({ issuer: mcp.url, resource: `${mcp.url}/mcp`, scopes: [] });
    // What is behind the question mark of a server's address may be a secret.
    expect(started.authorizationUrl).not.toContain("secret");
    mcp.answer("/mcp", { status: 401, headers: { "www-authenticate": `Bearer resource_metadata="${mcp.url}/nowhere"` } });
    await expect(start()).resolves.toMatchObject({ issuer: mcp.url });
  });

  it("takes the first authorization server that can be used, and stays with it", async () => {
    const servers = (...list: string[]) =>
      mcp.answer("/.well-known/oauth-protected-resource/mcp", { json: { resource: `${mcp.url}/mcp`, authorization_servers: list } });
    servers("http://localhost:1", auth.url);
    await connect();
    const other = await startScripted();
    other.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(other.url) });
    servers(other.url, auth.url);
    await expect(start()).resolves.toMatchObject({ issuer: auth.url });
    await other.close();
  });

  it("does not lead a token request to another address", async () => {
    const started = await start();
    auth.answer("/token", { status: 307, headers: { location: `${mcp.url}/steal` } });
    await expect(
      stage.flow.finish({ settings: settings(), owner: ADA, by: BY }, started, { code: "code", iss: auth.url }),
    ).rejects.toThrow();
    expect(mcp.requests.map(({ path }) => path)).not.toContain("/steal");
  });

  it("is not reached in a private network that is not allowed", async () => {
    const guarded = connectionsStage([{ key: "orders", name: "Orders", url: `${mcp.url}/mcp` }], {
      fetch: createGuardedFetch({ allowPrivate: [] }),
    });
    await expect(guarded.flow.start({ settings: settings(), owner: ADA, scopes: [] })).rejects.toThrow("network.allowPrivate");
    expect(mcp.requests).toEqual([]);
  });
});
