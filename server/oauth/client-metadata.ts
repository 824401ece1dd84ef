/**
 * The address of our Client ID Metadata Document, which also is our client id; undefined if nobody else can read it.
 */
export function clientIdUrl(publicUrl: string): string | undefined {
  return publicUrl.startsWith("https://") ? `${publicUrl}/oauth/client.json` : undefined;
}

/** How this installation is shown to people who sign in at another service. */
export interface Appearance {
  /** `PUBLIC_NAME`. Absent: the host of the public address, which people have seen in their browser. */
  readonly name?: string | undefined;
  /** `PUBLIC_LOGO_URL`: an https address of an image. */
  readonly logoUrl?: string | undefined;
}

/** What we say about ourselves, in the registration and in the document. */
export function clientMetadata(publicUrl: string, redirectUri: string, { name, logoUrl }: Appearance): Readonly<Record<string, unknown>> {
  return {
    client_name: name ?? new URL(publicUrl).host,
    ...(publicUrl.startsWith("https://") ? { client_uri: publicUrl } : {}),
    ...(logoUrl === undefined ? {} : { logo_uri: logoUrl }),
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    application_type: isLoopback(redirectUri) ? "native" : "web",
  };
}

/** The document at `/oauth/client.json` (Client ID Metadata Documents). */
export function clientDocument(publicUrl: string, appearance: Appearance = {}): Readonly<Record<string, unknown>> {
  return {
    client_id: `${publicUrl}/oauth/client.json`,
    ...clientMetadata(publicUrl, `${publicUrl}/oauth/callback`, appearance),
    token_endpoint_auth_method: "none",
  };
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
