import { ERRORS, type ErrorCode } from "../../../protocol/errors.ts";
import type { Route } from "./route.ts";

/** For every operation: who asks is found out first, and the server may be in trouble: its disk full, for one. */
const ANY = ["too-many-attempts", "busy", "internal"] as const satisfies readonly ErrorCode[];

/**
 * Every code that an operation may be refused with, by its status: what follows from how the route is made, and what it
 * says itself (`refuses`).
 */
export function problemsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const { action, method, path, query, body, creates, versioned, refuses = [] } = route;
  const codes = new Set<ErrorCode>([...ANY, ...refuses]);
  const may = (when: boolean, ...more: readonly ErrorCode[]): void => more.forEach((code) => when && codes.add(code));
  may(action !== "public", "unauthenticated", "forbidden");
  // A page of another origin.
  may(method !== "GET", "forbidden");
  // Clients take a parameter of "." or "..", also written with %2e, out of the path, and so ask for another one.
  may(path.includes("{"), "not-found", "method-not-allowed");
  may(query !== undefined, "invalid");
  may(body !== undefined, "invalid", "bad-request", "unsupported-media", "too-large");
  may(creates === true, "bad-request", "key-reused", "request-unfinished");
  may(versioned === true, "bad-request", "version-required", "version-changed");
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes].sort()) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([left], [right]) => left - right));
}
