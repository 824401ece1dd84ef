import type { EventDraft } from "../../../protocol/events.ts";
import type { AdmissionContext, Earlier, ProposedCall } from "./admission-context.ts";
import type { ConnectionNeed } from "../ports/tools.ts";
import { unknownText } from "../prompt/tool-text.ts";

/**
 * How often one call asks for a sign-in: the first, one that is no longer good, one with more scopes. A server that
 * wants more has a fault.
 */
const MOST_SIGN_INS = 3;

/**
 * Asks the customer to sign in for a call, which certainly did nothing yet but for a task; or ends the call, when they
 * were asked often enough.
 */
export function requestSignIn(
  { turnId, callId, tool }: Pick<ProposedCall, "turnId" | "callId" | "tool">,
  need: ConnectionNeed,
  { connections, task }: Pick<Earlier, "connections" | "task">,
  { assistant, clock }: Pick<AdmissionContext, "assistant" | "clock">,
): EventDraft {
  if (connections >= MOST_SIGN_INS) {
    const cause = `${need.serverName} asked for a sign-in again after ${connections} of them.`;
    const ended = { type: "tool-call-ended", turnId, callId, cause } as const;
    if (task !== undefined) return { ...ended, outcome: "unknown", text: unknownText(tool.title) };
    return {
      ...ended,
      outcome: "failed",
      text: `The call failed: ${need.serverName} does not accept the customer's sign-in. Nothing was done. Do not call it again in this answer.`,
    };
  }
  return {
    type: "connection-requested",
    turnId,
    callId,
    requestId: clock.id(),
    server: need.server,
    serverName: need.serverName,
    scopes: [...need.scopes],
    reason: need.reason,
    expiresAt: clock.now() + assistant.approvalTimeoutMs,
  };
}
