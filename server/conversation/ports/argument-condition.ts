import type { Approver } from "../../../protocol/events.ts";

export const COMPARISONS = [">", ">=", "<", "<=", "=", "!="] as const;

/** Such as `amount > 100`. */
export interface ArgumentCondition {
  /** The name of an argument, or a JSON pointer (RFC 6901) to a part of one, such as `/order/amount`. */
  readonly argument: string;
  readonly is: (typeof COMPARISONS)[number];
  readonly value: number | string | boolean;
  /** Who decides then. */
  readonly approver: Approver;
  /** How many members of the staff have to approve then. */
  readonly people: number;
}
