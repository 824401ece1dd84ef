import { RequestError } from "../../../protocol/errors.ts";
import type { Actor, EventOf } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import type { InputValue } from "../../../protocol/input-fields.ts";
import { checkInput } from "./check-input.ts";
import type { Decision } from "./decide.ts";
import { findRequest, REQUEST_REFUSALS, type WaitingRequest } from "./find-request.ts";

/** A customer's answer to a server's question: only what its form asks for. */
export function inputDecision(answer: ParsedRequest<"input-decide">, by: Actor): Decision<WaitingRequest<"input-requested">> {
  const { conversationId, requestId, action } = answer;
  return {
    conversationId,
    by,
    refusals: REQUEST_REFUSALS,
    find: (store) => findRequest(store, conversationId, { type: "input-requested", requestId }),
    events({ request }) {
      const { turnId, callId } = request;
      const content = contentOf(request, answer);
      return [{ type: "input-decided", turnId, callId, requestId, action, by, ...(content === undefined ? {} : { content }) }];
    },
  };
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
