import { afterEach, beforeEach, expect, it } from "vitest";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { connectionsStage, STAFF } from "../support/connections-stage.ts";
import { goodMetadata, type ScriptedServer, startScripted } from "../support/oauth-scripted.ts";

const ADA = { kind: "customer", id: "customer-ada" } as const;
const BY = { kind: "system", id: "test", name: "Test" } as const;
let auth: ScriptedServer;

beforeEach(async () => {
  auth = await startScripted();
  auth.answer("/.well-known/oauth-protected-resource/mcp", { json: { resource: `${auth.url}/mcp`, authorization_servers: [auth.url] } });
  auth.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(auth.url) });
  auth.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-1" }) });
  let given = 0;
  auth.answer("/token", () => ({
    json: { access_token: `access-${(given += 1)}`, refresh_token: `refresh-${given}`, token_type: "Bearer", expires_in: 3600 },
  }));
  auth.answer("/revoke", { status: 200 });
});
afterEach(() => auth.close());

it("leaves no token behind at the authorization server when a sign-in ends while it is renewed", async () => {
  const guarded = createGuardedFetch({ allowPrivate: ["localhost", "127.0.0.1"] });
  let endIt = async (): Promise<void> => undefined;
  const stage = connectionsStage([{ key: "orders", name: "Orders", url: `${auth.url}/mcp` }], {
    fetch: async (input, init) => {
      const response = await guarded(input, init);
      // The new tokens are given, and on their way to us.
      if ((input instanceof Request ? input.url : String(input)).endsWith("/token")) await endIt();
      return response;
    },
  });
  const settings = stage.settings.get("orders")!;
  const started = await stage.flow.start({ settings, owner: ADA, scopes: [] });
  const id = await stage.flow.finish({ settings, owner: ADA, by: BY }, started, { code: "code", iss: auth.url });
  endIt = () => stage.list.remove(id, STAFF);
  stage.advance(3_590_000);

  expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
  expect(await stage.list.find(id)).toBeUndefined();
  const revoked = auth.requests.filter(({ path }) => path === "/revoke").map(({ body }) => new URLSearchParams(body).get("token"));
  expect(new Set(revoked)).toEqual(new Set(["access-1", "access-2", "refresh-1", "refresh-2"]));
});
