import * as z from "zod";
import { getJson, type Fetch } from "./oauth-http.ts";
import { SignInError } from "./sign-in-error.ts";

/** An authorization server's metadata (RFC 8414, OpenID Connect Discovery), checked. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly authorizationEndpoint: URL | undefined;
  readonly tokenEndpoint: URL;
  readonly registrationEndpoint: URL | undefined;
  readonly revocationEndpoint: URL | undefined;
  readonly scopes: readonly string[];
  /** How a client may prove itself at the token endpoint; undefined: the server does not say. */
  readonly tokenAuthMethods: readonly string[] | undefined;
  readonly revocationAuthMethods: readonly string[] | undefined;
  readonly pkceMethods: readonly string[];
  readonly clientIdMetadataDocuments: boolean;
  /** Whether every authorization response carries `iss` (RFC 9207). */
  readonly issParameter: boolean;
}

const names = z.array(z.string().max(256)).max(500);
const address = z.string().max(2_000);
const metadataSchema = z.object({
  issuer: address,
  authorization_endpoint: address.optional(),
  token_endpoint: address,
  registration_endpoint: address.optional(),
  revocation_endpoint: address.optional(),
  scopes_supported: names.optional(),
  token_endpoint_auth_methods_supported: names.optional(),
  revocation_endpoint_auth_methods_supported: names.optional(),
  code_challenge_methods_supported: names.optional(),
  client_id_metadata_document_supported: z.boolean().optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/**
 * Reads the metadata of the authorization server `issuer`, from each well-known address in turn. The metadata must name
 * exactly this issuer. Throws `SignInError`.
 */
export async function readAuthorizationServer(fetch: Fetch, issuer: string): Promise<AuthorizationServer> {
  let unreadable: URL | undefined;
  for (const url of wellKnownAddresses(issuer)) {
    const { status, json } = await getJson(fetch, url);
    if (status >= 500 && status !== 502)
      throw new SignInError("unreachable", `The authorization server ${url.origin} answers ${status}. Try again later.`);
    if (status !== 200) continue;
    const parsed = metadataSchema.safeParse(json);
    if (parsed.success) return checked(parsed.data, issuer);
    // A page, or `{}`: what is no metadata is not there, and the next address may have it.
    unreadable ??= url;
  }
  if (unreadable !== undefined)
    throw new SignInError("metadata", `The metadata of the authorization server ${unreadable.origin} cannot be read.`);
  throw new SignInError("metadata", `${originOf(issuer)} publishes no metadata of an authorization server.`);
}

function wellKnownAddresses(issuer: string): readonly URL[] {
  const url = URL.parse(issuer);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new SignInError("metadata", "The MCP server names an authorization server that is not an http(s) address.");
  }
  const path = url.pathname.replace(/\/+$/, "");
  const at = (pathname: string): URL => new URL(pathname, url.origin);
  if (path === "") return [at("/.well-known/oauth-authorization-server"), at("/.well-known/openid-configuration")];
  return [
    at(`/.well-known/oauth-authorization-server${path}`),
    at(`/.well-known/openid-configuration${path}`),
    at(`${path}/.well-known/openid-configuration`),
  ];
}

function checked(found: z.output<typeof metadataSchema>, asked: string): AuthorizationServer {
  // RFC 8414 section 3.3: identical, letter by letter. The one slack: a bare origin with or without its slash.
  if (found.issuer !== asked && !(URL.parse(asked)?.pathname === "/" && found.issuer.replace(/\/$/, "") === asked.replace(/\/$/, ""))) {
    throw new SignInError(
      "metadata",
      `The authorization server at ${originOf(asked)} calls itself ${originOf(found.issuer)}, or spells its own address differently. It is not used.`,
    );
  }
  const secure = found.issuer.startsWith("https:");
  const endpoint = (text: string, what: string): URL => {
    const url = URL.parse(text);
    const fine =
      url !== null && (url.protocol === "https:" || (url.protocol === "http:" && !secure)) && url.username === "" && url.hash === "";
    if (!fine) throw new SignInError("metadata", `The ${what} of ${originOf(found.issuer)} is not an https address.`);
    return url;
  };
  const optional = (text: string | undefined, what: string): URL | undefined => (text === undefined ? undefined : endpoint(text, what));
  return {
    issuer: found.issuer,
    authorizationEndpoint: optional(found.authorization_endpoint, "authorization endpoint"),
    tokenEndpoint: endpoint(found.token_endpoint, "token endpoint"),
    registrationEndpoint: optional(found.registration_endpoint, "registration endpoint"),
    revocationEndpoint: optional(found.revocation_endpoint, "revocation endpoint"),
    scopes: found.scopes_supported ?? [],
    tokenAuthMethods: found.token_endpoint_auth_methods_supported,
    revocationAuthMethods: found.revocation_endpoint_auth_methods_supported,
    pkceMethods: found.code_challenge_methods_supported ?? [],
    clientIdMetadataDocuments: found.client_id_metadata_document_supported ?? false,
    issParameter: found.authorization_response_iss_parameter_supported ?? false,
  };
}

/** The issuer's origin, for messages. */
export function originOf(address: string): string {
  return URL.parse(address)?.origin ?? "an address that is not a URL";
}
