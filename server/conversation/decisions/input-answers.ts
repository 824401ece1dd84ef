import { RequestError } from "../../../protocol/errors.ts";
import type { Actor, EventOf } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import type { InputValue } from "../../../protocol/input-fields.ts";
import { checkInput } from "./check-input.ts";
import type { Conversation } from "../ports/store.ts";
import { mustWait, takeDecision, type DecisionDependencies } from "./take-decision.ts";

/** Writes a customer's answer to a server's question: once, in time, and only what its form asks for. Throws `RequestError`. */
export function answerInput(
  dependencies: DecisionDependencies,
  conversation: Conversation,
  answer: ParsedRequest<"input-decide">,
  by: Actor,
): Promise<number> {
  const { requestId, action } = answer;
  return takeDecision(dependencies, conversation, { type: "input-requested", requestId }, (found) => {
    mustWait(found, dependencies.clock.now());
    const { turnId, callId } = found.request;
    const content = contentOf(found.request, answer);
    return [{ type: "input-decided", turnId, callId, requestId, action, by, ...(content === undefined ? {} : { content }) }];
  });
}

/** What goes to the server: a form's content when it was accepted, nothing in any other case. */
function contentOf(
  request: EventOf<"input-requested">,
  { action, content = {} }: ParsedRequest<"input-decide">,
): Readonly<Record<string, InputValue>> | undefined {
  if (action !== "accept" || request.mode === "url") return undefined;
  const wrong = checkInput(request.fields ?? [], content);
  if (wrong !== undefined) throw new RequestError("unfit-answer", { detail: wrong });
  return content;
}
