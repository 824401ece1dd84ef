import type { RemoteServerSettings } from "../tools/mcp/servers/settings.ts";

/** The settings of an MCP server that a sign-in needs. `url` and the client's secret are secrets. */
export interface OAuthServerSettings {
  readonly key: string;
  /** The name that people read. */
  readonly name: string;
  readonly url: string;
  /**
   * How the shared connection is made. Absent: `authorization_code`, so a person signs in. Personal connections always
   * use that.
   */
  readonly sharedGrant?: "authorization_code" | "client_credentials";
  /** A client that was registered by hand at the authorization server. */
  readonly client?: RegisteredClient;
  /** Separated by spaces. Requested instead of what the server names, for any kind of client. */
  readonly scope?: string;
  /**
   * The authorization server to use if the MCP server names several. Absent: the one used before, otherwise the first
   * that works.
   */
  readonly issuer?: string;
}

export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
  /**
   * The address that the authorization server sends people back to. Absent: `<PUBLIC_URL>/oauth/callback`. It must lead
   * to this server's `/oauth/callback`.
   */
  readonly redirectUrl?: string;
}

/** Takes these from an MCP server's settings; undefined if the server does not use OAuth. */
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
