import { FetchRefusedError } from "./fetch-refused-error.ts";

interface Outgoing {
  readonly url: URL;
  readonly init: RequestInit;
}

/**
 * Headers that say nothing about who asks. Everything else, a header of the configuration included, may be a
 * credential.
 */
const HARMLESS_HEADERS = new Set(["accept", "accept-language", "content-type", "user-agent"]);

/**
 * The request that a response sends us to (RFC 9110, 15.4); undefined when it is no redirect. To another origin only
 * harmless headers go, and no body. Throws `FetchRefusedError` for a redirect from https to http, and for a body that
 * cannot be sent again.
 */
export function redirectedRequest(
  { url, init }: Outgoing,
  response: { readonly status: number; readonly headers: { get(name: string): string | null } },
): Outgoing | undefined {
  const location = response.headers.get("location");
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return undefined;
  const target = targetOf(location, url);
  const method = (init.method ?? "GET").toUpperCase();
  const becomesGet = turnsIntoGet(response.status, method);
  const elsewhere = target.origin !== url.origin;
  const { body, ...rest } = init;
  const keepsBody = body !== undefined && body !== null && !becomesGet;
  if (keepsBody && elsewhere) throw new FetchRefusedError(`${url.origin} redirects a request with a body to ${target.origin}.`);
  if (keepsBody && typeof body !== "string")
    throw new FetchRefusedError(`${url.origin} redirects a request whose body cannot be sent again.`);
  const headers = headersFor(init.headers, { elsewhere, becomesGet });
  return { url: target, init: { ...rest, headers, method: becomesGet ? "GET" : method, ...(keepsBody ? { body } : {}) } };
}

function targetOf(location: string, url: URL): URL {
  if (!URL.canParse(location, url.href)) throw new FetchRefusedError(`${url.origin} redirects to something that is not a URL.`);
  const target = new URL(location, url);
  if (url.protocol === "https:" && target.protocol !== "https:")
    throw new FetchRefusedError(`${url.origin} redirects from https to ${target.protocol}`);
  return target;
}

function turnsIntoGet(status: number, method: string): boolean {
  return (status === 303 && method !== "HEAD") || ((status === 301 || status === 302) && method === "POST");
}

function headersFor(given: RequestInit["headers"], { elsewhere, becomesGet }: { elsewhere: boolean; becomesGet: boolean }): Headers {
  const headers = new Headers(given);
  for (const name of Array.from(headers.keys())) {
    if ((elsewhere && !HARMLESS_HEADERS.has(name)) || (becomesGet && name.startsWith("content-"))) headers.delete(name);
  }
  return headers;
}
