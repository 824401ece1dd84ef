import type { Customer } from "../conversation/customer-desk.ts";

/** Who talks, and from where. */
export interface Caller extends Customer {
  readonly address: string;
  /** Absent: a page. */
  readonly via?: "device";
  /** Who the site says they are; milliseconds since 1970. Absent: a device. */
  readonly claims?: { readonly kind: "anonymous" } | { readonly kind: "identified"; readonly expiresAt: number };
  /** Throws `RequestError` `unauthenticated` once a device's key is not good any more. Absent: a page. */
  readonly checkKey?: () => Promise<void>;
}
