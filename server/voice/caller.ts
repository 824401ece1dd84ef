import type { Customer } from "../conversation/customer-desk.ts";

/** Who talks, and from where. */
export interface Caller extends Customer {
  readonly address: string;
  /** Absent: a page. */
  readonly via?: "device";
}
