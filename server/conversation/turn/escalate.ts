import type { EventDraft } from "../../../protocol/events.ts";
import { staffNeed } from "../ports/approval-need.ts";
import { type Assistant, permissionOf } from "../ports/assistant.ts";
import type { Clock } from "../../foundation/clock.ts";
import { asItRuns, type CallState } from "./call-state.ts";

/**
 * The customer's time to decide is over, and the owner wants the staff to be asked then: they get as long. Undefined:
 * the call is over. What waited for the staff already is, too.
 */
export function escalation(
  call: CallState,
  { assistant, clock }: { readonly assistant: Assistant | undefined; readonly clock: Clock },
): EventDraft | undefined {
  const { approval, proposed } = call;
  if (assistant === undefined || approval?.approver !== "customer") return undefined;
  const permission = permissionOf(assistant, proposed.tool.server, proposed.tool.tool);
  if (permission.permission === "disabled" || permission.expires !== "ask-staff") return undefined;
  const { groups, people, because } = staffNeed(permission, asItRuns(call).arguments ?? {});
  const { turnId, callId, fields, argumentsHash, definitionHash } = approval;
  return {
    type: "approval-requested",
    turnId,
    callId,
    approvalId: clock.id(),
    approver: "staff",
    arguments: approval.arguments,
    fields,
    argumentsHash,
    ...(definitionHash === undefined ? {} : { definitionHash }),
    rememberable: false,
    expiresAt: clock.now() + assistant.approvalTimeoutMs,
    ...(groups === undefined ? {} : { groups: [...groups] }),
    ...(people === 1 ? {} : { people }),
    ...(because === undefined ? {} : { because }),
    escalated: true,
  };
}
