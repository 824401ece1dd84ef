import { RequestError } from "../../protocol/errors.ts";
import type { Clock } from "../foundation/clock.ts";
import { type CallToolPorts, toolOfCall } from "./call-tool.ts";
import type { Written } from "./customer-desk.ts";
import { approvalDecision, changedArguments, type EditedArguments } from "./decisions/approval-decision.ts";
import { decide } from "./decisions/decide.ts";
import { type Settlement, settlementDecision } from "./decisions/settlement.ts";
import { editedArguments } from "./edited-arguments.ts";
import type { Journal } from "./journal/journal.ts";
import { permissionNow } from "./permission-now.ts";
import { presentNeed } from "./ports/approval-need.ts";
import { type FindApprover, lapsedApprovers } from "./ports/approvers.ts";
import { type AppendAudit, assistantName, type Conversation, type Store, type StoredApproval } from "./ports/store.ts";
import { staffActor } from "./staff-actor.ts";
import type { AskedApproval, CalledTool, DecidedApproval, StaffDecision, StaffDesk, StaffMember, StandingNeed } from "./staff-desk.ts";
import type { Runner } from "./turn/runner.ts";

export interface StaffSidePorts extends CallToolPorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly runner: Pick<Runner, "wake">;
  readonly clock: Clock;
  readonly approvers: FindApprover;
}

/** The staff's side of the desk. */
export class StaffSide implements StaffDesk {
  readonly #ports: StaffSidePorts;

  constructor(ports: StaffSidePorts) {
    this.#ports = ports;
  }

  async decideApproval(staff: StaffMember, { arguments: input, ...decision }: StaffDecision): Promise<DecidedApproval> {
    const { store, runner, assistants, approvers } = this.#ports;
    const approval = await store.findApproval(decision.approvalId);
    const conversation = approval && (await store.find(approval.conversationId));
    if (approval === undefined || conversation === undefined) throw new RequestError("unknown-approval");
    const { id: conversationId } = conversation;
    const request = { ...decision, conversationId };
    const edited = input === undefined ? undefined : await this.#edited(approval, conversation, request, input);
    const { approvalId, argumentsHash: _hash, ...said } = request;
    const after = { ...said, ...(edited === undefined ? {} : { edited: true }) };
    const deciding = {
      permission: permissionNow(assistants),
      approvers,
      groups: staff.groups ?? [],
      ...(edited === undefined ? {} : { edited }),
    };
    const seq = await decide(this.#ports, {
      ...approvalDecision(request, staffActor(staff), deciding),
      audit: entry(staff, { action: "approval.decide", target: { kind: "approval", id: approvalId }, after }),
    });
    runner.wake(conversationId, assistantName(conversation));
    const [written] = await store.readFrom(conversationId, seq, 1);
    return { seq, decided: written?.type === "approval-decided" };
  }

  /** Undefined: they are as they were. */
  async #edited(
    approval: StoredApproval,
    conversation: Conversation,
    { decision, argumentsHash }: Pick<StaffDecision, "decision" | "argumentsHash">,
    input: Readonly<Record<string, unknown>>,
  ): Promise<EditedArguments | undefined> {
    if (decision !== "approved") throw new RequestError("bad-request", { detail: "Arguments are edited only where the call is approved." });
    // What nobody decides any more, or not about this, is refused as such, before its tool is looked for.
    if (approval.status !== "waiting" || argumentsHash !== approval.argumentsHash) return undefined;
    const { store } = this.#ports;
    const call = await store.findCall(conversation.id, approval.callId);
    const tool = call?.type === "tool-call-proposed" ? await toolOfCall(this.#ports, conversation, call) : undefined;
    if (call?.type !== "tool-call-proposed" || tool === undefined)
      throw new RequestError("approval-changed", { detail: "The tool is not there as it was, so its arguments cannot be edited." });
    const before = (await changedArguments(store, approval))?.arguments ?? call.arguments ?? {};
    const edited = editedArguments(tool, { before, call }, input);
    return edited.argumentsHash === approval.argumentsHash ? undefined : edited;
  }

  async neededFor(asked: AskedApproval): Promise<StandingNeed> {
    const { store, assistants, approvers } = this.#ports;
    const conversation = await store.find(asked.conversationId);
    const call = await store.findCall(asked.conversationId, asked.callId);
    const permission =
      conversation === undefined || call?.type !== "tool-call-proposed" ? undefined : permissionNow(assistants)(conversation, call);
    const need = presentNeed(permission, asked.arguments, asked);
    return { ...need, lapsed: await lapsedApprovers(approvers, asked.given?.map(({ by }) => by) ?? [], need) };
  }

  async toolOf({ conversationId, callId }: Pick<AskedApproval, "conversationId" | "callId">): Promise<CalledTool | undefined> {
    const { store } = this.#ports;
    const conversation = await store.find(conversationId);
    const call = await store.findCall(conversationId, callId);
    if (conversation === undefined || call?.type !== "tool-call-proposed") return undefined;
    const tool = await toolOfCall(this.#ports, conversation, call);
    return tool === undefined ? undefined : { inputSchema: tool.inputSchema, boundArguments: call.filled ?? [] };
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
