import type { EventDraft } from "../../../protocol/events.ts";
import { ApprovalTakenError } from "../../conversation/ports/errors.ts";
import type { GivenApproval } from "../../conversation/ports/store.ts";
import { reminderAt } from "../../inbox/approval-reminders.ts";
import type { Statements } from "./statements.ts";
import { type ApprovalRow, eventOf, givenOf } from "./stored-json.ts";

type DraftOf<Type extends EventDraft["type"]> = Extract<EventDraft, { type: Type }>;

/** Keeps an approval that waits for a person. */
export function requestApproval(
  statements: Statements,
  conversationId: string,
  draft: DraftOf<"approval-requested">,
  { seq, at }: { seq: number; at: number },
): void {
  statements.insertApproval.run({
    approvalId: draft.approvalId,
    conversationId,
    callId: draft.callId,
    turnId: draft.turnId,
    approver: draft.approver,
    argumentsHash: draft.argumentsHash,
    definitionHash: draft.definitionHash ?? null,
    rememberable: draft.rememberable ? 1 : 0,
    expiresAt: draft.expiresAt,
    requestedAt: at,
    requestedSeq: seq,
    groups: draft.groups === undefined ? null : JSON.stringify(draft.groups),
    people: draft.people ?? null,
    escalated: draft.escalated === true ? 1 : 0,
    remindAt: draft.approver === "customer" ? null : reminderAt({ requestedAt: at, expiresAt: draft.expiresAt }, at),
  });
}

/**
 * Keeps that one of several members of the staff approved. Throws `ApprovalTakenError`, as `decideApproval` does.
 */
export function giveApproval(
  statements: Statements,
  conversationId: string,
  draft: DraftOf<"approval-given">,
  { seq, at }: { seq: number; at: number },
): void {
  const approval = approvalOfCall(statements, conversationId, draft);
  if (approval.status !== "waiting") throw new ApprovalTakenError(draft.approvalId, approval.status);
  if (at >= approval.expires_at) throw new ApprovalTakenError(draft.approvalId, "expired");
  const { by, argumentsHash } = draft;
  const given: GivenApproval = { by: by.id, ...(by.name === undefined ? {} : { name: by.name }), at, argumentsHash };
  statements.giveApproval.run({
    approvalId: draft.approvalId,
    given: JSON.stringify([...givenOf(approval), given]),
    argumentsSeq: draft.arguments === undefined ? approval.arguments_seq : seq,
  });
}

/**
 * Decides a waiting approval. Throws `ApprovalTakenError`: for one that is decided, has expired, or belongs to another
 * call or conversation.
 */
export function decideApproval(statements: Statements, conversationId: string, draft: DraftOf<"approval-decided">, at: number): void {
  const approval = approvalOfCall(statements, conversationId, draft);
  if (approval.status !== "waiting") throw new ApprovalTakenError(draft.approvalId, approval.status);
  if (draft.decision === "approved" && at >= approval.expires_at) throw new ApprovalTakenError(draft.approvalId, "expired");
  statements.moveApproval.run({ approvalId: draft.approvalId, status: draft.decision });
  if (draft.decision === "approved" && draft.scope === "conversation") keepGrant(statements, approval);
}

/** Uses up an approval for the one call it was given for. Throws `ApprovalTakenError`. */
export function consumeApproval(statements: Statements, conversationId: string, approvalId: string, callId: string): void {
  const approval = approvalOfCall(statements, conversationId, { approvalId, callId });
  if (approval.status !== "approved") throw new ApprovalTakenError(approvalId, approval.status);
  statements.moveApproval.run({ approvalId, status: "consumed" });
}

/**
 * Nobody may learn by guessing ids whose approval it is, so one of another conversation is missing, like one that never
 * was.
 */
function approvalOfCall(
  statements: Statements,
  conversationId: string,
  { approvalId, callId }: { approvalId: string; callId: string },
): ApprovalRow {
  const approval = statements.findApproval.get({ approvalId });
  if (approval === undefined || approval.conversation_id !== conversationId) throw new ApprovalTakenError(approvalId, "missing");
  if (approval.call_id !== callId) throw new ApprovalTakenError(approvalId, "given for another call");
  return approval;
}

/**
 * A grant is for exactly one definition of a tool: without its hash there is nothing to compare with later, so each
 * call asks again.
 */
function keepGrant(statements: Statements, approval: ApprovalRow): void {
  const conversationId = approval.conversation_id;
  const row = statements.findCall.get({ conversationId, callId: approval.call_id });
  const call = row === undefined ? undefined : eventOf(conversationId, row);
  if (call?.type !== "tool-call-proposed") return;
  const definitionHash = approval.definition_hash ?? call.definitionHash;
  if (definitionHash === undefined) return;
  statements.insertGrant.run({ conversationId, server: call.tool.server, tool: call.tool.tool, definitionHash });
}
