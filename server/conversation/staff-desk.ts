import type { ParsedRequest } from "../../protocol/frames.ts";
import type { Written } from "./customer-desk.ts";
import type { Settlement } from "./decisions/settlement.ts";

/** Whoever of the staff asks: a person, or a program with an API key, known by the key's name. */
export interface StaffMember {
  readonly kind: "person" | "key";
  readonly id: string;
  readonly name: string;
}

/** A decision about an approval, whichever conversation it is in. */
export type StaffDecision = Omit<ParsedRequest<"approval-decide">, "conversationId">;

/**
 * What staff may do in conversations. Every method throws `RequestError` when it cannot do what is asked; nothing has
 * changed then.
 */
export interface StaffDesk {
  decideApproval(staff: StaffMember, decision: StaffDecision): Promise<Written>;
  /** Writes how a call that ended unknown really ended: once, and only where nobody knew. */
  settleCall(staff: StaffMember, settlement: Settlement): Promise<Written>;
}
