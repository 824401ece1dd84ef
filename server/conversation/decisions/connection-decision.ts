import type { Actor, EventOf } from "../../../protocol/events.ts";
import type { Decision } from "./decide.ts";
import { findRequest, REQUEST_REFUSALS, type WaitingRequest } from "./find-request.ts";

/**
 * Whether the customer signed in, for every call of the turn that waits for a sign-in at the same server. A sign-in
 * that is done is also taken late; a refusal to sign in is not.
 */
export function connectionDecision(
  { conversationId, requestId, decision }: { conversationId: string; requestId: string; decision: "connected" | "skipped" },
  by: Actor,
): Decision<WaitingRequest<"connection-requested">> {
  return {
    conversationId,
    by,
    refusals: REQUEST_REFUSALS,
    ...(decision === "connected" ? { evenLate: true } : {}),
    find: (store) => findRequest(store, conversationId, { type: "connection-requested", requestId }),
    events: (found) =>
      [found.request, ...othersWaiting(found)].map(({ turnId, callId, requestId: id }) => ({
        type: "connection-decided",
        turnId,
        callId,
        requestId: id,
        decision,
        by,
      })),
  };
}

function othersWaiting({ request, turn }: WaitingRequest<"connection-requested">): EventOf<"connection-requested">[] {
  const decided = new Set(turn.flatMap((event) => (event.type === "connection-decided" ? [event.requestId] : [])));
  return turn.filter(
    (event): event is EventOf<"connection-requested"> =>
      event.type === "connection-requested" &&
      event.turnId === request.turnId &&
      event.server === request.server &&
      event.requestId !== request.requestId &&
      !decided.has(event.requestId),
  );
}
