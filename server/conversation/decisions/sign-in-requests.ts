import { RequestError } from "../../../protocol/errors.ts";
import type { Actor, EventDraft, EventOf } from "../../../protocol/events.ts";
import { findRequest, type FoundRequest } from "./find-request.ts";
import type { Assistant } from "../ports/assistant.ts";
import type { Conversation } from "../ports/store.ts";
import type { SignIns } from "../ports/sign-ins.ts";
import { mustWait, takeDecision, type DecisionDependencies } from "./take-decision.ts";

export type SignInDependencies = DecisionDependencies & { readonly signIns: SignIns };

/**
 * Begins the sign-in that a request asks for, while it waits. Where the customer has signed in since it was asked (in another conversation, or the process died
 * before it could tell this one), nothing is begun: the calls go on, and `onDone` is called. Throws `RequestError`, then `request-over`.
 */
export async function startSignIn(
  dependencies: SignInDependencies,
  conversation: Conversation,
  { assistant, requestId, onDone }: { assistant: Assistant; requestId: string; onDone: () => void },
): Promise<{ url: string; proof: string }> {
  const { store, clock, signIns } = dependencies;
  const found = await findRequest(store, conversation, "connection-requested", requestId);
  mustWait(found, clock.now());
  const { customerId } = conversation;
  const { server, scopes, at } = found.request;
  const connections = await signIns.list(customerId, assistant);
  if (connections.some((one) => one.server === server && one.status === "connected" && one.connectedAt >= at)) {
    if (await signedIn(dependencies, conversation, requestId)) onDone();
    throw new RequestError("request-over", { detail: "You have signed in meanwhile." });
  }
  return signIns.begin({ customerId, assistant, conversationId: conversation.id, requestId, server, scopes });
}

/** The customer does not want to sign in, also for the other calls that wait for the same. Throws `RequestError`. */
export function skipSignIn(dependencies: SignInDependencies, conversation: Conversation, requestId: string, by: Actor): Promise<number> {
  return takeDecision(dependencies, conversation, { type: "connection-requested", requestId }, (found) => {
    mustWait(found, dependencies.clock.now());
    return decideAll(found, "skipped", by);
  });
}

/**
 * The sign-in is done: every call that waits for it goes on. A request that is over stays as it is; one that is only late is taken, since nothing speaks against
 * it. False: there was nothing to decide.
 */
export async function signedIn(dependencies: DecisionDependencies, conversation: Conversation, requestId: string): Promise<boolean> {
  const by: Actor = { kind: "customer", id: conversation.customerId };
  try {
    await takeDecision(dependencies, conversation, { type: "connection-requested", requestId }, (found) => {
      if (found.over) throw new RequestError("request-over");
      return decideAll(found, "connected", by);
    });
    return true;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}

/** The request itself first, then what else waits for a sign-in at the same server. */
function decideAll(found: FoundRequest<"connection-requested">, decision: "connected" | "skipped", by: Actor): EventDraft[] {
  return [found.request, ...othersWaiting(found)].map(({ turnId, callId, requestId }) => ({
    type: "connection-decided",
    turnId,
    callId,
    requestId,
    decision,
    by,
  }));
}

function othersWaiting({ request, turn }: FoundRequest<"connection-requested">): EventOf<"connection-requested">[] {
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
