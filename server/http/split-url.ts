/**
 * The path of a request as it was sent, and what follows the question mark. Not parsed as a URL: `//elsewhere/x` would
 * become another host, and `//[` none.
 */
export function splitUrl(url = "/"): { readonly path: string; readonly search: string } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, search: "" } : { path: url.slice(0, mark), search: url.slice(mark + 1) };
}
