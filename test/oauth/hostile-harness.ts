/**
 * An MCP server and an authorization server that say what a test tells them to. Importing it makes both anew for each
 * test.
 */
import { afterEach, beforeEach } from "vitest";
import { connectionsStage, type ConnectionsStage } from "../support/connections-stage.ts";
import { goodMetadata, type ScriptedServer, startScripted } from "../support/oauth-scripted.ts";

export const ADA = { kind: "customer", id: "customer-ada" } as const;
export const BY = { kind: "system", id: "test", name: "Test" } as const;
export let mcp: ScriptedServer;
export let auth: ScriptedServer;
export let stage: ConnectionsStage;
/** The tokens that the authorization server gives, numbered. */
let given: number;

beforeEach(async () => {
  [mcp, auth] = await Promise.all([startScripted(), startScripted()]);
  given = 0;
  mcp.answer("/.well-known/oauth-protected-resource/mcp", {
    json: { resource: `${mcp.url}/mcp`, authorization_servers: [auth.url], scopes_supported: ["read", "write"] },
  });
  auth.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(auth.url) });
  auth.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-1" }) });
  auth.answer("/token", () => ({
    json: { access_token: `access-${(given += 1)}`, refresh_token: `refresh-${given}`, token_type: "Bearer", expires_in: 3600 },
  }));
  auth.answer("/revoke", { status: 200 });
  stage = connectionsStage([{ key: "orders", name: "Orders", url: `${mcp.url}/mcp` }]);
});
afterEach(() => Promise.all([mcp.close(), auth.close()]));

export const settings = () => stage.settings.get("orders")!;
export const start = () => stage.flow.start({ settings: settings(), owner: ADA, scopes: [] });

/** Signs in without anybody at a browser: this authorization server takes every code. */
export async function connect(iss: string | undefined = auth.url): Promise<void> {
  const started = await start();
  await stage.flow.finish({ settings: settings(), owner: ADA, by: BY }, started, { code: "code", iss });
}

export async function token(): Promise<string> {
  const answer = await stage.authorizations.token("orders", ADA);
  if (!("token" in answer)) throw new Error(`Instead of a token: ${answer.need.reason}`);
  return answer.token;
}

export const formsTo = (path: string): URLSearchParams[] =>
  auth.requests.filter((request) => request.path === path).map(({ body }) => new URLSearchParams(body));
