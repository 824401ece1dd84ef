import { RequestError } from "../../../protocol/errors.ts";
import type { Actor } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import type { StoredApproval } from "../ports/store.ts";
import type { Decision, DecisionRefusals, Waiting } from "./decide.ts";

interface WaitingApproval extends Waiting {
  readonly approval: StoredApproval;
}

const REFUSALS: DecisionRefusals = {
  unknown: { code: "unknown-approval" },
  decided: { code: "already-decided" },
  late: { code: "approval-expired" },
};

/** Whether a call may start. The store refuses a second decision in the transaction that would write it. */
export function approvalDecision(request: ParsedRequest<"approval-decide">, by: Actor): Decision<WaitingApproval> {
  const { conversationId, approvalId, argumentsHash, decision, reason } = request;
  const scope = decision === "approved" ? request.scope : "once";
  return {
    conversationId,
    by,
    argumentsHash,
    refusals: REFUSALS,
    async find(store) {
      const approval = await store.findApproval(approvalId);
      return approval?.conversationId === conversationId ? waitingApproval(approval) : undefined;
    },
    events({ approval: { turnId, callId, rememberable } }) {
      if (scope === "conversation" && !rememberable) throw new RequestError("scope-refused");
      return [{ type: "approval-decided", turnId, callId, approvalId, decision, scope, by, ...(reason ? { reason } : {}) }];
    },
  };
}

function waitingApproval(approval: StoredApproval): WaitingApproval {
  const { approver, status, expiresAt, argumentsHash } = approval;
  return { approval, approver, status: status === "waiting" || status === "expired" ? status : "decided", expiresAt, argumentsHash };
}
