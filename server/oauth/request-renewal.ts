import type { SecretBox } from "../guard/secrets/secret-box.ts";
import { type Connection, openSecrets } from "./connection-record.ts";
import type { Discovery } from "./discovery.ts";
import type { Fetch } from "./oauth-http.ts";
import { requestTokens, type Tokens } from "./token-endpoint.ts";

export interface RenewalPorts {
  readonly box: SecretBox;
  readonly fetch: Fetch;
  readonly discovery: Discovery;
}

/** Asks the authorization server for new tokens of a connection, with the grant that made it. Throws `SignInError`. */
export async function requestRenewal({ box, fetch, discovery }: RenewalPorts, { id, version, record }: Connection): Promise<Tokens> {
  const secrets = openSecrets(box, { id, version, record });
  const server = await discovery.ofIssuer(record.issuer);
  const client = {
    id: secrets.clientId,
    secret: secrets.clientSecret,
    authMethod: secrets.authMethod,
    redirectUri: "",
    scope: undefined,
  };
  const scope = record.requested.length === 0 ? {} : { scope: record.requested.join(" ") };
  const grant =
    record.grant === "client_credentials"
      ? { grant_type: "client_credentials", ...scope }
      : { grant_type: "refresh_token", refresh_token: secrets.refreshToken ?? "" };
  return requestTokens(fetch, server, client, { ...grant, resource: record.resource });
}
