/** The canonical address of an MCP server as the `resource` of RFC 8707: without fragment and query. */
export function resourceOf(serverUrl: string): string {
  const url = new URL(serverUrl);
  // A query may hold a token; a resource travels through the browser.
  url.search = "";
  url.hash = "";
  url.username = "";
  url.password = "";
  return url.pathname === "/" && !serverUrl.endsWith("/") ? url.origin : url.href;
}

/**
 * Whether a token for `resource` is meant for the server: the origin is the same, and the path is the server's or one
 * above it, by whole segments.
 */
export function resourceCovers(resource: string, serverUrl: string): boolean {
  const covering = URL.parse(resource);
  const server = URL.parse(serverUrl);
  if (covering === null || server === null || covering.origin !== server.origin) return false;
  const folder = covering.pathname.endsWith("/") ? covering.pathname : `${covering.pathname}/`;
  return `${server.pathname}/`.startsWith(folder);
}
