/** `path` under `baseUrl`, whose query (some gateways want one) is kept. */
export function urlUnder(baseUrl: URL, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`;
  return url;
}
