/**
 * Whether the answer to a request is a stream on which a server of the modern era tells of changes, for as long as a
 * conversation has its link (revision 2026-07-28, subscriptions).
 */
export function staysOpen({ headers }: { readonly headers: Headers }): boolean {
  return headers.get("mcp-method") === "subscriptions/listen";
}
