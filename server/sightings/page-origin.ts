/** Longer ones are nobody's: a host name has at most 253 characters. */
const LONGEST = 300;
/** Sandboxed frames and files. */
const NO_ORIGIN = "null";

/**
 * The origin in an `Origin` or `Referer` header, and nothing else of it: no path, no query, no name. Undefined: there is
 * none, or it is none. Strangers may send anything.
 */
export function pageOriginOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 4096) return undefined;
  if (header === NO_ORIGIN) return NO_ORIGIN;
  const url = URL.parse(header);
  if (url === null || url.host === "" || url.protocol === "data:" || url.protocol === "javascript:") return undefined;
  // Schemes of apps have no origin in this sense, and send it all the same.
  const origin = `${url.protocol}//${url.host.toLowerCase()}`;
  return origin.length > LONGEST ? undefined : origin;
}
