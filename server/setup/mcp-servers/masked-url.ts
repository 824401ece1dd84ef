/**
 * A URL as people may read it: scheme and host. Path and query often hold a token, so `…` only shows that there are
 * some.
 */
export function maskedUrl(url: string): string {
  if (!URL.canParse(url)) return "…";
  const { origin, pathname, search } = new URL(url);
  return `${origin}/${pathname === "/" ? "" : "…"}${search === "" ? "" : "?…"}`;
}
