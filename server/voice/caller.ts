import type { Customer } from "../conversation/customer-desk.ts";

/** Who the site says a customer is; milliseconds since 1970. */
export type CallerClaims = { readonly kind: "anonymous" } | { readonly kind: "identified"; readonly expiresAt: number };

/** Who talks, and from where. */
export interface Caller extends Customer {
  readonly address: string;
  /** Absent: a page. */
  readonly via?: "device";
  /** Absent: a device. */
  readonly claims?: CallerClaims;
  /** Throws `RequestError` `unauthenticated` once a device's key is not good any more. Absent: a page. */
  readonly checkKey?: () => Promise<void>;
}

/** What holds of a customer of whom `before` was said, and now this. What an older page of theirs says is no news. */
export function newestClaims(before: CallerClaims | undefined, now: CallerClaims | undefined): CallerClaims | undefined {
  return before?.kind === "identified" && now?.kind === "identified" && now.expiresAt < before.expiresAt ? before : now;
}
