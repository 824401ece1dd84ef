import type { Approver } from "../../protocol/events.ts";
import type { ParsedRequest } from "../../protocol/frames.ts";
import type { ApprovalNeed } from "./ports/approval-need.ts";
import type { Written } from "./customer-desk.ts";
import type { Settlement } from "./decisions/settlement.ts";

/** Whoever of the staff asks: a person, or a program with an API key, known by the key's name. */
export interface StaffMember {
  readonly kind: "person" | "key";
  readonly id: string;
  readonly name: string;
  /** The groups that a person is in; a key is in none. */
  readonly groups?: readonly string[];
}

/** A decision about an approval, whichever conversation it is in. */
export type StaffDecision = Omit<ParsedRequest<"approval-decide">, "conversationId"> & {
  /** What the call is to run with, instead of what was asked for. */
  readonly arguments?: Readonly<Record<string, unknown>>;
};

/** What was written about an approval. */
export interface DecidedApproval extends Written {
  /** False: others of the staff have to approve as well. */
  readonly decided: boolean;
}

/** An approval as it was asked for, and the arguments that it is about now. */
export interface AskedApproval {
  readonly conversationId: string;
  readonly callId: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly approver: Approver;
  readonly people?: number;
  readonly groups?: readonly string[];
  readonly escalated?: true;
  /** Who approved already, by their ids. */
  readonly given?: readonly { readonly by: string }[];
}

/** Who has to approve at this moment, and which of those who did may not any more, so that they do not count. */
export interface StandingNeed extends ApprovalNeed {
  readonly lapsed: ReadonlySet<string>;
}

/** A tool as whoever edits the arguments of a call needs it. */
export interface CalledTool {
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Arguments that the server fills in by itself. */
  readonly boundArguments: readonly string[];
}

/**
 * What staff may do in conversations. Every method throws `RequestError` when it cannot do what is asked, `InvalidError`
 * for arguments that do not fit the tool; nothing has changed then.
 */
export interface StaffDesk {
  decideApproval(staff: StaffMember, decision: StaffDecision): Promise<DecidedApproval>;
  neededFor(approval: AskedApproval): Promise<StandingNeed>;
  /** The tool of a call that waits. Undefined: it is not there, or no longer what was asked about. */
  toolOf(approval: Pick<AskedApproval, "conversationId" | "callId">): Promise<CalledTool | undefined>;
  /** Writes how a call that ended unknown really ended: once, and only where nobody knew. */
  settleCall(staff: StaffMember, settlement: Settlement): Promise<Written>;
}
