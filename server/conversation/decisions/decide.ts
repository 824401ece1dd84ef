import { type ErrorCode, RequestError } from "../../../protocol/errors.ts";
import type { Actor, Approver, EventDraft } from "../../../protocol/events.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Journal } from "../journal/journal.ts";
import { ApprovalTakenError, JournalMovedError } from "../ports/errors.ts";
import type { AppendAudit, Store } from "../ports/store.ts";

export interface DecisionPorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
}

/** What waits for a person, or no longer does, as it was found. */
export interface Waiting {
  readonly approver: Approver;
  readonly status: "waiting" | "decided" | "expired";
  /** Absent: there is no hurry. */
  readonly expiresAt?: number;
  /** The arguments that the decision is about. */
  readonly argumentsHash?: string;
  /**
   * The journal's end as it was read: the decision is written only while nothing follows. Absent: the store itself
   * takes one decision only.
   */
  readonly afterSeq?: number;
}

interface Refusal {
  readonly code: ErrorCode;
  readonly detail?: string;
}

/** The errors that whoever decides gets when there is nothing to decide. */
export interface DecisionRefusals {
  readonly unknown: Refusal;
  readonly decided: Refusal;
  readonly late: Refusal;
}

/**
 * One person's decision. The kinds (approval, connection, input, settlement) differ in this data, and in nothing else.
 */
export interface Decision<Found extends Waiting> {
  readonly conversationId: string;
  readonly by: Actor;
  readonly refusals: DecisionRefusals;
  /** The arguments that the person saw. */
  readonly argumentsHash?: string;
  /** Nothing speaks against a decision that comes late. */
  readonly evenLate?: true;
  /** Written in the same transaction. */
  readonly audit?: readonly AppendAudit[];
  /** Reads what waits. Undefined: there is no such thing in this conversation. */
  find(store: Store): Promise<Found | undefined>;
  /** What is written, its own event first. Throws `RequestError` where the decision does not fit what was asked. */
  events(found: Found): readonly EventDraft[];
}

/** Somebody who writes all the time can delay a decision by no more than this. */
const TRIES = 50;

/**
 * Writes a decision about something that waits: in time, by the person who was asked, and about exactly the arguments
 * that they saw. Only one is taken, whoever else decides in the same moment. Answers with the number of its event;
 * throws `RequestError`, and nothing is written then.
 */
export async function decide<Found extends Waiting>(ports: DecisionPorts, decision: Decision<Found>): Promise<number> {
  const { store, journal, clock } = ports;
  const { conversationId, refusals, audit } = decision;
  for (let attempt = 1; ; attempt += 1) {
    const found = await decision.find(store);
    if (found === undefined) throw refused(refusals.unknown);
    const refusal = refusalOf(found, decision, clock.now());
    if (refusal !== undefined) throw refused(refusal);
    const events = decision.events(found);
    const { afterSeq } = found;
    try {
      const appended = await journal.append({
        conversationId,
        events,
        at: clock.now(),
        ...(afterSeq === undefined ? {} : { afterSeq }),
        ...(audit === undefined ? {} : { audit }),
      });
      return appended.events[0]?.seq ?? 0;
    } catch (error) {
      if (error instanceof ApprovalTakenError) throw refused(error.status === "expired" ? refusals.late : refusals.decided);
      if (!(error instanceof JournalMovedError)) throw error;
      if (attempt >= TRIES) throw new RequestError("busy");
    }
  }
}

/** Throws `RequestError` unless it waits still, and in time. */
export function mustWait(waiting: Waiting, refusals: DecisionRefusals, now: number): void {
  const refusal = overBy(waiting, refusals, now);
  if (refusal !== undefined) throw refused(refusal);
}

type Judged = Pick<Decision<Waiting>, "by" | "refusals" | "argumentsHash" | "evenLate">;

function refusalOf(waiting: Waiting, { by, refusals, argumentsHash, evenLate }: Judged, now: number): Refusal | undefined {
  if (waiting.approver !== "either" && waiting.approver !== by.kind) return { code: "not-approver" };
  const over = overBy(waiting, refusals, evenLate === true ? Number.NEGATIVE_INFINITY : now);
  if (over !== undefined) return over;
  return argumentsHash === waiting.argumentsHash ? undefined : { code: "approval-changed" };
}

function overBy({ status, expiresAt = Infinity }: Waiting, refusals: DecisionRefusals, now: number): Refusal | undefined {
  if (status === "decided") return refusals.decided;
  return status === "expired" || expiresAt <= now ? refusals.late : undefined;
}

function refused({ code, detail }: Refusal): RequestError {
  return new RequestError(code, detail === undefined ? {} : { detail });
}
