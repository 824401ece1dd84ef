import type { ConnectionSecrets } from "./connection-record.ts";
import type { Discovery } from "./discovery.ts";
import type { Fetch } from "./oauth-http.ts";
import { revokeToken } from "./token-endpoint.ts";

/** Asks an issuer to revoke the tokens of a sign-in, if it supports that. Throws `SignInError`. */
export async function revokeTokens(
  { fetch, discovery }: { readonly fetch: Fetch; readonly discovery: Discovery },
  issuer: string,
  { clientId, clientSecret, authMethod, refreshToken, accessToken }: ConnectionSecrets,
): Promise<void> {
  const server = await discovery.ofIssuer(issuer);
  const client = { id: clientId, secret: clientSecret, authMethod, redirectUri: "", scope: undefined };
  // A server that revokes one token also revokes, or should revoke, the other (RFC 7009 section 2.1).
  if (refreshToken !== undefined) await revokeToken(fetch, server, client, { value: refreshToken, hint: "refresh_token" });
  await revokeToken(fetch, server, client, { value: accessToken, hint: "access_token" });
}
