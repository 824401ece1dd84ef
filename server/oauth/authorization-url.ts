import { createHash } from "node:crypto";
import type { AuthorizationServer } from "./authorization-server.ts";
import { joinScopes } from "./challenge.ts";
import type { OAuthClient } from "./client-registration.ts";

/** The address where a browser starts the authorization code grant with PKCE. */
export function authorizationUrl(
  endpoint: URL,
  more: {
    readonly client: OAuthClient;
    readonly state: string;
    readonly verifier: string;
    readonly resource: string;
    readonly scopes: readonly string[];
  },
): string {
  const url = new URL(endpoint);
  const set = (name: string, value: string): void => url.searchParams.set(name, value);
  set("response_type", "code");
  set("client_id", more.client.id);
  set("redirect_uri", more.client.redirectUri);
  set("state", more.state);
  set("code_challenge", createHash("sha256").update(more.verifier).digest("base64url"));
  set("code_challenge_method", "S256");
  set("resource", more.resource);
  if (more.scopes.length > 0) set("scope", more.scopes.join(" "));
  // OpenID Connect gives a refresh token for `offline_access` only if the person was asked.
  if (more.scopes.includes("offline_access")) set("prompt", "consent");
  return url.href;
}

/** Asks for a refresh token if the server gives one only on request. */
export function scopesToAsk(server: AuthorizationServer, scopes: readonly string[]): readonly string[] {
  const offline = scopes.length > 0 && server.scopes.includes("offline_access") ? ["offline_access"] : [];
  return joinScopes(scopes, offline);
}
