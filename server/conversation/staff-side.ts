import { RequestError } from "../../protocol/errors.ts";
import type { Actor } from "../../protocol/events.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Written } from "./customer-desk.ts";
import { decideApproval } from "./decisions/decide-approval.ts";
import { settleCall, type Settlement } from "./decisions/settle-call.ts";
import type { Journal } from "./journal/journal.ts";
import type { Store } from "./ports/store.ts";
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
    const seq = await decideApproval(this.#ports, actor(staff), { ...decision, conversationId: conversation.id });
    runner.wake(conversation.id, conversation.assistant);
    return { seq };
  }

  async settleCall(staff: StaffMember, settlement: Settlement): Promise<Written> {
    return { seq: await settleCall(this.#ports, actor(staff), settlement) };
  }
}

/** As the journal names them: customers see a person's name, and of a key that it was the team. */
function actor({ kind, id, name }: StaffMember): Actor {
  return { kind: "staff", id, name, ...(kind === "key" ? { program: true } : {}) };
}
