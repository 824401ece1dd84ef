import { RequestError } from "../../protocol/errors.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Written } from "./customer-desk.ts";
import { approvalDecision } from "./decisions/approval-decision.ts";
import { decide } from "./decisions/decide.ts";
import { type Settlement, settlementDecision } from "./decisions/settlement.ts";
import type { Journal } from "./journal/journal.ts";
import { type AppendAudit, assistantName, type Store } from "./ports/store.ts";
import { staffActor } from "./staff-actor.ts";
import type { StaffDecision, StaffDesk, StaffMember } from "./staff-desk.ts";
import type { Runner } from "./turn/runner.ts";

export interface StaffSidePorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly runner: Pick<Runner, "wake">;
  readonly clock: Clock;
}

/** The staff's side of the desk. */
export class StaffSide implements StaffDesk {
  readonly #ports: StaffSidePorts;

  constructor(ports: StaffSidePorts) {
    this.#ports = ports;
  }

  async decideApproval(staff: StaffMember, decision: StaffDecision): Promise<Written> {
    const { store, runner } = this.#ports;
    const approval = await store.findApproval(decision.approvalId);
    const conversation = approval && (await store.find(approval.conversationId));
    if (conversation === undefined) throw new RequestError("unknown-approval");
    const { id: conversationId } = conversation;
    const { approvalId, argumentsHash: _hash, ...after } = { ...decision, conversationId };
    const audit = entry(staff, { action: "approval.decide", target: { kind: "approval", id: approvalId }, after });
    const seq = await decide(this.#ports, { ...approvalDecision({ ...decision, conversationId }, staffActor(staff)), audit });
    runner.wake(conversationId, assistantName(conversation));
    return { seq };
  }

  async settleCall(staff: StaffMember, settlement: Settlement): Promise<Written> {
    const audit = entry(staff, { action: "call.settle", target: { kind: "call", id: settlement.callId }, after: settlement });
    return { seq: await decide(this.#ports, { ...settlementDecision(settlement, staffActor(staff)), audit }) };
  }
}

/** The journal keeps what was decided; the audit log, who did so. */
export function entry({ kind, id, name }: StaffMember, what: Omit<AppendAudit, "by">): readonly AppendAudit[] {
  return [{ by: { kind, id, name }, ...what }];
}
