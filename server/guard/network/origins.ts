import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a page of this origin may talk to an assistant. `allowed` has origins (`https://shop.example`), wildcards for
 * one part of a host name (`https://*.shop.example`) or `*`.
 *
 * Without an `Origin` header the answer is no, unless `*` is allowed: browsers send one with everything that can be
 * read by a page of another origin. `null` (a sandboxed frame, a file) is an origin like any other and only `*` allows
 * it.
 */
export function originAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (allowed.includes("*")) return true;
  if (origin === undefined || origin === "" || origin === "null") return false;
  const found = origin.toLowerCase();
  return allowed.some((pattern) => matches(found, pattern.toLowerCase()));
}

/**
 * Whether these headers are those of a page that may come. A browser leaves out `Origin` when a page asks its own
 * server, and says `Sec-Fetch-Site: same-origin` instead.
 */
export function pageAllowed(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin } = headers;
  return (origin === undefined && headers["sec-fetch-site"] === "same-origin") || originAllowed(origin, allowed);
}

/**
 * Whether a page is one of the server's own, at whatever address it was opened: its origin is where the request went.
 * A name that was led to this server is one, too, so this alone opens nothing.
 */
export function isOwnPage({ origin, host }: IncomingHttpHeaders): boolean {
  return host !== undefined && host !== "" && origin !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}

/** What the owner of a page that may not come can do, in a sentence. `assistant`: its key, if it is known. */
export function originAdvice(origin: string | undefined, assistant?: string): string {
  if (origin === undefined) return "The request has no Origin header. A proxy in front of the server has to pass it on.";
  if (origin === "null")
    return 'A sandboxed frame without allow-same-origin, or a file, has no origin of its own: only "*" in allowedOrigins lets it in.';
  const whose = assistant === undefined ? "the assistant" : `the assistant "${assistant}"`;
  return `Add ${JSON.stringify(origin.slice(0, 200))} to allowedOrigins of ${whose}.`;
}

function matches(origin: string, pattern: string): boolean {
  const star = pattern.indexOf("*.");
  if (star === -1) return origin === pattern;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (!origin.startsWith(before) || !origin.endsWith(after) || origin.length <= before.length + after.length) return false;
  return /^[a-z0-9-]+$/.test(origin.slice(before.length, origin.length - after.length));
}

const WILDCARD = /^(https?:\/\/)\*\.(.+)$/;

/** Undefined: it can stand in `allowedOrigins`. Otherwise what is expected instead. */
export function originFault(text: string): string | undefined {
  if (text === "*") return undefined;
  const url = URL.parse(text.replace(WILDCARD, "$1wildcard.$2"));
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:") || text.replace(WILDCARD, "").includes("*"))
    return 'an origin such as "https://shop.example", "https://*.shop.example" or "*"';
  const origin = url.origin.replace("://wildcard.", WILDCARD.test(text) ? "://*." : "://wildcard.");
  return origin === text.toLowerCase() ? undefined : `only the origin: "${origin}"`;
}
