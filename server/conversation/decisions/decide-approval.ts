import { RequestError } from "../../../protocol/errors.ts";
import type { Actor } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import { ApprovalTakenError } from "../ports/errors.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Store, StoredApproval } from "../ports/store.ts";

export interface ApprovalDependencies {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
}

/**
 * Writes a person's decision. The decision names the arguments that the person saw by their hash; it must be this conversation's approval, still waiting, in
 * time, and theirs to give. The store refuses a second decision in the same transaction that would write it.
 */
export async function decideApproval(
  { store, journal, clock }: ApprovalDependencies,
  by: Actor,
  request: ParsedRequest<"approval-decide">,
): Promise<number> {
  const { conversationId, approvalId, decision, reason } = request;
  const approval = await store.findApproval(approvalId);
  if (approval === undefined || approval.conversationId !== conversationId) throw new RequestError("unknown-approval");
  const refusal = refusalOf(approval, by, request, clock.now());
  if (refusal !== undefined) throw new RequestError(refusal);
  const { turnId, callId } = approval;
  const scope = decision === "approved" ? request.scope : "once";
  const event = { type: "approval-decided", turnId, callId, approvalId, decision, scope, by, ...(reason ? { reason } : {}) } as const;
  try {
    const { events } = await journal.append({ conversationId, events: [event], at: clock.now() });
    return events[0]?.seq ?? 0;
  } catch (error) {
    if (error instanceof ApprovalTakenError) throw new RequestError(error.status === "expired" ? "approval-expired" : "already-decided");
    throw error;
  }
}

function refusalOf(
  approval: StoredApproval,
  by: Actor,
  request: ParsedRequest<"approval-decide">,
  now: number,
): "not-approver" | "approval-expired" | "already-decided" | "approval-changed" | "scope-refused" | undefined {
  if (approval.approver !== "either" && approval.approver !== by.kind) return "not-approver";
  if (approval.status === "expired") return "approval-expired";
  if (approval.status !== "waiting") return "already-decided";
  if (approval.expiresAt <= now) return "approval-expired";
  if (approval.argumentsHash !== request.argumentsHash) return "approval-changed";
  if (request.decision === "approved" && request.scope === "conversation" && !approval.rememberable) return "scope-refused";
  return undefined;
}
