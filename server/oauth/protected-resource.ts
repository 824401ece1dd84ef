import * as z from "zod";
import { readChallenge, type Challenge } from "./challenge.ts";
import { getJson, send, type Fetch } from "./oauth-http.ts";
import { resourceCovers, resourceOf } from "./resource.ts";
import { SignInError } from "./sign-in-error.ts";

/** What a protected resource says about itself (RFC 9728), checked. */
export interface ProtectedResource {
  /** Sent as `resource`, exactly as the server spells it. */
  readonly resource: string;
  /** At least one. */
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[] | undefined;
}

const AUTHORIZATION_SERVERS = 10;

const metadataSchema = z.object({
  resource: z.string().max(2_000),
  authorization_servers: z.array(z.string().max(2_000)).min(1).max(100).optional(),
  scopes_supported: z.array(z.string().max(256)).max(500).optional(),
});

/**
 * A request that servers of either era answer without a sign-in only if they want none. Some let everybody start, and
 * require the sign-in at the list of tools.
 */
const PROBES = [
  {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "frontdesk", version: "1" } },
  },
  { jsonrpc: "2.0", id: 2, method: "tools/list", params: {} },
];

/**
 * Asks the server, without a token, which sign-in it requires; an empty challenge if it does not say. Throws
 * `SignInError`.
 */
export async function probeChallenge(fetch: Fetch, serverUrl: string): Promise<Challenge> {
  for (const probe of PROBES) {
    const init: RequestInit = {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify(probe),
      redirect: "manual",
    };
    const response = await send(fetch, new URL(serverUrl), init);
    await response.body?.cancel().catch(() => undefined);
    if (response.status === 401 || response.status === 403) return readChallenge(response.headers.get("www-authenticate"));
  }
  return {};
}

/**
 * The server's metadata: at the address in the challenge, or else at the well-known addresses. Its `resource` must
 * cover the server's URL. Undefined: there is none (a server from before June 2025), so its own origin is its
 * authorization server. Throws `SignInError`.
 */
export async function readProtectedResource(fetch: Fetch, serverUrl: string, challenge: Challenge): Promise<ProtectedResource | undefined> {
  for (const url of addressesOf(serverUrl, challenge)) {
    const { status, json } = await getJson(fetch, url);
    if (status >= 500) throw new SignInError("unreachable", `${url.origin} answered ${status} when asked how to sign in. Try again later.`);
    const parsed = status === 200 ? metadataSchema.safeParse(json) : undefined;
    // A page, or `{}`: what is no metadata is not there, and the next address may have it (RFC 9728 section 3.2).
    if (parsed?.success === true) return checked(parsed.data, serverUrl, url);
  }
  return undefined;
}

/** The one that the server names, which may be relative to its own, then the well-known ones. */
function addressesOf(serverUrl: string, challenge: Challenge): readonly URL[] {
  const named = challenge.resourceMetadata === undefined ? null : URL.parse(challenge.resourceMetadata, serverUrl);
  const known = wellKnown(serverUrl).filter(({ href }) => href !== named?.href);
  return named === null || !/^https?:$/.test(named.protocol) ? known : [named, ...known];
}

function wellKnown(serverUrl: string): readonly URL[] {
  const { origin, pathname } = new URL(serverUrl);
  const path = pathname.replace(/\/+$/, "");
  const root = new URL("/.well-known/oauth-protected-resource", origin);
  return path === "" ? [root] : [new URL(`/.well-known/oauth-protected-resource${path}`, origin), root];
}

function checked(found: z.output<typeof metadataSchema>, serverUrl: string, url: URL): ProtectedResource {
  const { resource, authorization_servers: servers, scopes_supported: scopes } = found;
  if (!resourceCovers(resource, serverUrl)) {
    // Whoever runs this server could use a token for another resource there.
    const other = URL.parse(resource)?.origin ?? "something that is not a URL";
    throw new SignInError(
      "metadata",
      `The sign-in metadata of ${new URL(resourceOf(serverUrl)).origin} is for another resource (${other}), so it is not used.`,
    );
  }
  return { resource, authorizationServers: (servers ?? [url.origin]).slice(0, AUTHORIZATION_SERVERS), scopes };
}
