import type { Refusal } from "./refusals.ts";

/** The answer to every method alike: clients that fall back to a GET show its status. */
export function refusalResponse({ status, code, message, headers }: Refusal): Response {
  const body = { jsonrpc: "2.0", error: { code, message }, id: null };
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } });
}
