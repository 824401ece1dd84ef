/** Authorization servers as they are: `null` for what is absent, pages where nothing is, numbers as texts. */
import { describe, expect, it } from "vitest";
import { goodMetadata } from "../support/oauth-scripted.ts";
import { auth, connect, formsTo, mcp, start, token } from "./hostile-harness.ts";

const PAGE = { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html><p>Not here" };
const RESOURCE = "/.well-known/oauth-protected-resource";
const SERVER = "/.well-known/oauth-authorization-server";

describe("a registration", () => {
  it.each<[string, object]>([
    ["with nulls", { client_id: "client-1", client_secret: null, client_secret_expires_at: null, token_endpoint_auth_method: null }],
    ["with its expiry as a text", { client_id: "client-1", client_secret: "s", client_secret_expires_at: "0" }],
    ["with an empty expiry", { client_id: "client-1", client_secret_expires_at: "" }],
    ["with a number as the client's id", { client_id: 4711 }],
    ["with null for a name", { client_id: "client-1", client_name: null, scope: null }],
  ])("%s is one", async (_what, answer) => {
    auth.answer("/register", { status: 201, body: JSON.stringify(answer) });
    await expect(connect()).resolves.toBeUndefined();
    expect(await token()).toBe("access-1");
  });
});

describe("a token answer", () => {
  const good = { access_token: "access-9", token_type: "Bearer", expires_in: 3600 };
  it.each<[string, object, number?, string?]>([
    ["with null for the refresh token", { ...good, refresh_token: null }],
    ["with an empty refresh token", { ...good, refresh_token: "" }],
    ["with null for the scope", { ...good, scope: null }],
    ["with a list of scopes", { ...good, scope: ["read", "write"] }],
    ["without a type", { ...good, token_type: undefined }],
    ["with null for the type", { ...good, token_type: null }],
    ["with 201", good, 201],
    ["with a byte order mark", good, 200, "\uFEFF"],
    ["with null for its time", { ...good, expires_in: null }],
    ["with an empty time", { ...good, expires_in: "" }],
    ["with false for its time", { ...good, expires_in: false }],
    ["with a time as a text", { ...good, expires_in: "3600" }],
  ])("%s is one, and its token is good", async (_what, answer, status = 200, before = "") => {
    auth.answer("/token", { status, headers: { "content-type": "application/json" }, body: before + JSON.stringify(answer) });
    await connect();
    expect(await token()).toBe("access-9");
    expect(await token()).toBe("access-9");
    expect(formsTo("/token")).toHaveLength(1);
  });
});

describe("metadata", () => {
  it("of both kinds may say null for whatever is optional", async () => {
    mcp.answer(`${RESOURCE}/mcp`, {
      json: { resource: `${mcp.url}/mcp`, authorization_servers: [auth.url], scopes_supported: null, resource_name: null },
    });
    auth.answer(SERVER, {
      json: {
        ...goodMetadata(auth.url),
        scopes_supported: null,
        token_endpoint_auth_methods_supported: null,
        revocation_endpoint: null,
        revocation_endpoint_auth_methods_supported: null,
        client_id_metadata_document_supported: null,
        authorization_response_iss_parameter_supported: null,
      },
    });
    await expect(start()).resolves.toMatchObject({ issuer: auth.url });
  });

  it.each([
    ["a page", PAGE],
    ["{}", { json: {} }],
    ["a text", { json: "text" }],
    ["null", { json: null }],
    ["an error with 200", { json: { error: "not_found" } }],
  ])("of the resource that is %s is not there, and the next address is asked", async (_what, answer) => {
    mcp.answer(`${RESOURCE}/mcp`, answer);
    mcp.answer(RESOURCE, { json: { resource: `${mcp.url}/mcp`, authorization_servers: [auth.url] } });
    await expect(start()).resolves.toMatchObject({ issuer: auth.url });
    // At both: the origin of the server is its own authorization server, as before June 2025.
    mcp.answer(RESOURCE, answer);
    mcp.answer(SERVER, { json: goodMetadata(mcp.url) });
    mcp.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-1" }) });
    await expect(start()).resolves.toMatchObject({ issuer: mcp.url });
  });

  it.each([
    ["a page", PAGE],
    ["{}", { json: {} }],
    ["a list", { json: [] }],
  ])("of the authorization server that is %s is not there, and the next address is asked", async (_what, answer) => {
    auth.answer(SERVER, answer);
    auth.answer("/.well-known/openid-configuration", { json: goodMetadata(auth.url) });
    await expect(start()).resolves.toMatchObject({ issuer: auth.url });
  });

  it.each([
    ["relative", "/elsewhere"],
    ["404", "/nowhere"],
    ["no address", "http://["],
  ])("whose address in the challenge is %s is found all the same", async (_what, address) => {
    mcp.answer("/mcp", { status: 401, headers: { "www-authenticate": `Bearer resource_metadata="${address}"` } });
    mcp.answer("/elsewhere", { json: { resource: `${mcp.url}/mcp`, authorization_servers: [auth.url] } });
    await expect(start()).resolves.toMatchObject({ issuer: auth.url });
  });
});
