import { RequestError } from "../../../protocol/errors.ts";
import type { Actor } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";
import type { SignIns } from "../ports/sign-ins.ts";
import type { Conversation } from "../ports/store.ts";
import { connectionDecision } from "./connection-decision.ts";
import { decide, type DecisionPorts, mustWait } from "./decide.ts";
import { findRequest, REQUEST_REFUSALS } from "./find-request.ts";

/**
 * Begins the sign-in that a request asks for, while it waits. Where the customer has signed in since it was asked (in
 * another conversation, or the process died before this one heard of it), nothing is begun: the calls go on, and
 * `onDone` is called. Throws `RequestError`, in that case `request-over`.
 */
export async function startSignIn(
  ports: DecisionPorts & { readonly signIns: SignIns },
  conversation: Conversation,
  { assistant, requestId, onDone }: { assistant: Assistant; requestId: string; onDone: () => void },
): Promise<{ url: string; proof: string }> {
  const { store, clock, signIns } = ports;
  const found = await findRequest(store, conversation.id, { type: "connection-requested", requestId });
  if (found === undefined) throw new RequestError("unknown-request");
  mustWait(found, REQUEST_REFUSALS, clock.now());
  const { customerId } = conversation;
  const { server, scopes, at } = found.request;
  const connections = await signIns.list(customerId, assistant);
  if (connections.some((one) => one.server === server && one.status === "connected" && one.connectedAt >= at)) {
    if (await signedIn(ports, conversation, requestId)) onDone();
    throw new RequestError("request-over", { detail: "You have signed in meanwhile." });
  }
  return signIns.begin({ customerId, assistant, conversationId: conversation.id, requestId, server, scopes });
}

/**
 * The sign-in is done: every call that waits for it goes on. False: there was nothing to decide, since the request is
 * over or unknown.
 */
export async function signedIn(ports: DecisionPorts, { id, customerId }: Conversation, requestId: string): Promise<boolean> {
  const by: Actor = { kind: "customer", id: customerId };
  try {
    await decide(ports, connectionDecision({ conversationId: id, requestId, decision: "connected" }, by));
    return true;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}
