/** A URL as people may read it: scheme and host. Path and query often hold a token, so they are only told to be there. */
export function maskedUrl(url: string): string {
  if (!URL.canParse(url)) return "…";
  const { origin, pathname, search } = new URL(url);
  return `${origin}/${pathname === "/" ? "" : "…"}${search === "" ? "" : "?…"}`;
}
