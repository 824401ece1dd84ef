import type { RemoteServerSettings } from "../tools/mcp/servers/settings.ts";

/** What signing in at an MCP server needs to know of it; the registry makes it. `url`, and the client's secret, are secrets. */
export interface OAuthServerSettings {
  readonly key: string;
  /** What people read. */
  readonly name: string;
  readonly url: string;
  /** How the shared connection is made. Absent: `authorization_code`, a person signs in. Personal connections always are. */
  readonly sharedGrant?: "authorization_code" | "client_credentials";
  /** A client that was registered by hand at the authorization server. */
  readonly client?: RegisteredClient;
  /** Separated by spaces; asked for instead of what the server names, whatever the client is. */
  readonly scope?: string;
  /** Which authorization server to use where the MCP server names several. Absent: the one used before, else the first that works. */
  readonly issuer?: string;
}

export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
  /** Where the authorization server sends people back to. Absent: `<PUBLIC_URL>/oauth/callback`. It has to reach this server's `/oauth/callback`. */
  readonly redirectUrl?: string;
}

/** The same from an MCP server's settings; undefined where it is not signed in to with OAuth. */
export function oauthServerOf({ key, name, url, auth }: RemoteServerSettings): OAuthServerSettings | undefined {
  if (auth.kind !== "oauth") return undefined;
  const { grant, clientId, clientSecret, scope, redirectUrl } = auth.oauth ?? {};
  return {
    key,
    name,
    url,
    ...(grant === undefined ? {} : { sharedGrant: grant }),
    ...(scope === undefined ? {} : { scope }),
    ...(clientId === undefined
      ? {}
      : {
          client: {
            id: clientId,
            ...(clientSecret === undefined ? {} : { secret: clientSecret }),
            ...(redirectUrl === undefined ? {} : { redirectUrl }),
          },
        }),
  };
}
