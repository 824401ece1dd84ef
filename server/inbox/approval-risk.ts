import type { Approver } from "../../protocol/events.ts";
import type { GivenApproval, WaitingApproval } from "./waiting-approvals.ts";

/** Why a call is looked at first, the weightiest reason first. */
export const RISKS = ["several-people", "condition", "destructive", "untrusted", "writes"] as const;
export type Risk = (typeof RISKS)[number];

/** Who decides an approval at this moment. */
export interface PresentNeed {
  readonly approver: Approver;
  readonly people: number;
  readonly groups?: readonly string[];
  readonly because?: string;
  /** Those who approved and may not any more. */
  readonly lapsed: ReadonlySet<string>;
}

/** `lapsed`: whoever gave it may not decide any more, so it does not count. */
export type StandingApproval = GivenApproval & { readonly lapsed?: true };

export interface RiskyApproval extends Omit<WaitingApproval, "groups" | "people" | "because" | "given"> {
  readonly people: number;
  readonly given: readonly StandingApproval[];
  readonly groups?: readonly string[];
  readonly because?: string;
  readonly risks: readonly Risk[];
}

/** An approval as it stands at this moment, with what speaks for looking at it first. */
export function withRisks(asked: WaitingApproval, need: PresentNeed): RiskyApproval {
  const { groups: _groups, people: _people, because: _because, given, ...rest } = asked;
  const holds: Readonly<Record<Risk, boolean>> = {
    "several-people": need.people > 1,
    condition: need.because !== undefined,
    destructive: asked.destructive === true,
    untrusted: asked.trusted === false,
    // What says nothing of itself may change something.
    writes: asked.readOnly !== true,
  };
  const { approver, people, groups, because, lapsed } = need;
  return {
    ...rest,
    approver,
    people,
    given: given.map((one) => (lapsed.has(one.by) ? { ...one, lapsed: true } : one)),
    ...(groups === undefined ? {} : { groups }),
    ...(because === undefined ? {} : { because }),
    risks: RISKS.filter((risk) => holds[risk]),
  };
}

/** The place of an approval in the list of the riskiest. */
export interface RiskPlace {
  readonly weight: number;
  readonly expiresAt: number;
  readonly approvalId: string;
}

/** Each reason weighs more than all that come after it. */
export function riskPlace({ risks, expiresAt, approvalId }: Pick<RiskyApproval, "risks" | "expiresAt" | "approvalId">): RiskPlace {
  const weight = risks.reduce((sum, risk) => sum + 2 ** (RISKS.length - 1 - RISKS.indexOf(risk)), 0);
  return { weight, expiresAt, approvalId };
}

/** The riskiest first; of the same risk, what expires first. */
export function byRisk(one: RiskPlace, other: RiskPlace): number {
  return other.weight - one.weight || one.expiresAt - other.expiresAt || (one.approvalId < other.approvalId ? -1 : 1);
}
