/**
 * What the path of everything begins with on a server that browsers reach at `url`: `/desk` for
 * `https://shop.example/desk`, and nothing for `https://desk.example.com`.
 */
export function basePathOf(url: string): string {
  return new URL(url).pathname.replace(/\/$/, "");
}

/**
 * The URL of a request (a path and what follows it) as it is without the base path. One that does not begin with it
 * stays as it is: a proxy has taken it off, or somebody asks the server directly.
 */
export function withoutBasePath(url: string, basePath: string): string {
  if (basePath === "" || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || rest.startsWith("?") ? `/${rest}` : url;
}
