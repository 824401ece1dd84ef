import type { EventDraft } from "../../../protocol/events.ts";
import type { AdmissionContext, ProposedCall } from "./admission.ts";
import type { ConnectionNeed } from "../ports.ts";

/** How often one call asks for a sign-in: the first, one that is no longer good, one with more scopes. A server that wants more has a fault. */
const MOST_SIGN_INS = 3;

/** Asks the customer to sign in for a call, which certainly did nothing yet; or ends the call, when they were asked often enough. */
export function requestSignIn(
  { turnId, callId }: Pick<ProposedCall, "turnId" | "callId">,
  need: ConnectionNeed,
  asked: number,
  { assistant, clock }: Pick<AdmissionContext, "assistant" | "clock">,
): EventDraft {
  if (asked >= MOST_SIGN_INS) {
    const cause = `${need.serverName} asked for a sign-in again after ${asked} of them.`;
    return {
      type: "tool-call-ended",
      turnId,
      callId,
      outcome: "failed",
      text: `The call failed: ${need.serverName} does not accept the customer's sign-in. Nothing was done. Do not call it again in this answer.`,
      cause,
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
