import type { AskedCredentials } from "./prober.ts";
import type { Fetch } from "../mcp/wire/conversation-fetch.ts";

const LOOK_MS = 3_000;
const METADATA_BYTES = 256 * 1024;

/**
 * The credentials that a server wants, after it answered 401 or 403. `challenge` is its `WWW-Authenticate` header.
 * Where that says no more than "Bearer", the server's protected-resource metadata (RFC 9728) separates OAuth from a
 * plain key.
 */
export async function askedCredentials(
  url: string,
  challenge: string | undefined,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<AskedCredentials> {
  if (challenge !== undefined && /^\s*basic\b/i.test(challenge)) return "basic";
  if (challenge !== undefined && /\bbearer\b/i.test(challenge) && /\bresource_metadata\s*=/i.test(challenge)) return "oauth";
  if (await hasResourceMetadata(url, fetch, signal)) return "oauth";
  return challenge !== undefined && /^\s*bearer\b/i.test(challenge) ? "bearer" : "other";
}

async function hasResourceMetadata(url: string, fetch: Fetch, signal: AbortSignal): Promise<boolean> {
  const { origin, pathname } = new URL(url);
  const wellKnown = `${origin}/.well-known/oauth-protected-resource`;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  for (const address of new Set([`${wellKnown}${pathname === "/" ? "" : pathname}`, wellKnown])) {
    try {
      const response = await fetch(address, { headers: { accept: "application/json" }, signal: limited, redirect: "error" });
      const text = await firstBytes(response, METADATA_BYTES);
      const metadata: unknown = response.ok ? JSON.parse(text) : undefined;
      if (typeof metadata === "object" && metadata !== null && "authorization_servers" in metadata) return true;
    } catch {
      // Not there, or not metadata: that answers the question.
    }
  }
  return false;
}

/** A body that is longer than `limit` is not metadata, and is not read to its end. */
async function firstBytes(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limit) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
