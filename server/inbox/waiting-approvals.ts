import type { ArgumentField } from "../../protocol/content.ts";
import type { Approver } from "../../protocol/events.ts";

/** A call that waits for a decision, with all that a person needs to take it. */
export interface WaitingApproval {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly assistant: string;
  readonly customer: string;
  /** Whether somebody tries out a draft in this conversation. The call itself is as real as any. */
  readonly preview: boolean;
  readonly callId: string;
  readonly server: string;
  readonly serverName: string;
  readonly tool: string;
  /** What people call the tool. */
  readonly title: string;
  /** What the tool says of itself, and whether its server is marked as trusted; absent: it says nothing. */
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly trusted?: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The arguments as people read them: named by the schema's titles. */
  readonly fields: readonly ArgumentField[];
  /** As the model asked, where somebody of several has changed the arguments since. */
  readonly requestedArguments?: Readonly<Record<string, unknown>>;
  /** A decision names the arguments that were seen by this hash. */
  readonly argumentsHash: string;
  readonly approver: Approver;
  /** Whether the decision may be for the whole conversation. */
  readonly rememberable: boolean;
  readonly requestedAt: number;
  readonly expiresAt: number;
  /** Ids of the groups whose members decide, as it was asked for. Absent: everybody who may decide. */
  readonly groups?: readonly string[];
  /** How many members of the staff had to approve as it was asked for. Absent: one. */
  readonly people?: number;
  /** The conditions on its arguments that asked for this. */
  readonly because?: string;
  /** The customer's time was over, so it came to the staff. */
  readonly escalated?: true;
  /** Who approved already, where several have to: each good for the arguments of its hash. */
  readonly given: readonly GivenApproval[];
}

export interface GivenApproval {
  readonly by: string;
  readonly name?: string;
  readonly at: number;
  readonly argumentsHash: string;
}

export interface WaitingApprovalFilter {
  readonly assistant?: string;
  /** Those that this one may decide: `either` is in both lists. */
  readonly approver?: "customer" | "staff";
}

/** The place of an approval in the list. */
export interface WaitingPlace {
  readonly requestedAt: number;
  readonly approvalId: string;
}

/**
 * The approvals that wait in the conversations of all customers, for staff: none that is decided, withdrawn or
 * consumed, and none whose time was over at `now`. The cost does not grow with those that wait no longer. Made by
 * `store/`; the law is in `test/contract/store-waiting.ts`.
 */
export interface WaitingApprovals {
  /** Whoever waits longest comes first, after `after`. */
  listWaiting(options: {
    after?: WaitingPlace;
    limit: number;
    now: number;
    filter: WaitingApprovalFilter;
  }): Promise<readonly WaitingApproval[]>;
  /** One that waits, by its id. */
  findWaiting(approvalId: string, now: number): Promise<WaitingApproval | undefined>;
}
