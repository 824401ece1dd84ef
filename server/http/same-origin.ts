import type { IncomingHttpHeaders } from "node:http";
import { ProblemError } from "./problem.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Keeps other websites from acting with a browser's cookie. A request that changes something and does not carry a key
 * of its own has to come from a page of this server: the browser says so in `Sec-Fetch-Site`, or in `Origin`. One that
 * says neither is refused.
 */
export function requireSameOrigin(method: string, headers: IncomingHttpHeaders, ownOrigins: readonly string[]): void {
  if (SAFE.has(method) || headers.authorization !== undefined) return;
  const site = headers["sec-fetch-site"];
  if (site === "same-origin") return;
  if (site === undefined && headers.origin !== undefined && ownOrigins.includes(headers.origin)) return;
  throw new ProblemError("forbidden", {
    detail:
      "A change made with a session must come from a page of this server (Origin). Set PUBLIC_URL to the address that browsers use; programs send an API key.",
  });
}
