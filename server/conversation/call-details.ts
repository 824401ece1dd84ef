import { RequestError } from "../../protocol/errors.ts";
import type { CallDetails, ParsedRequest, Trace } from "../../protocol/frames.ts";
import type { Store } from "./ports/store.ts";
import { readResultView } from "./result-views.ts";

/**
 * The raw call as its reader may see it: all of it with trace `full`; only the pictures and sounds that the answer
 * shows with `summary` and `hidden`. Throws `RequestError` `unknown-call`.
 */
export async function readCallDetails(
  store: Pick<Store, "findCall" | "findEdit" | "readResult" | "readResultView" | "keepResultView">,
  request: ParsedRequest<"call-read">,
  trace: Trace,
): Promise<CallDetails> {
  const { conversationId, callId } = request;
  const view = await readResultView(store, request, trace === "full" ? "details" : "media");
  // The arguments may be long, so they are not looked at for an answer without them. A result tells that there is a call.
  if (trace !== "full" && view !== undefined) return { callId, content: view.content };
  const proposed = await store.findCall(conversationId, callId);
  if (proposed?.type !== "tool-call-proposed") throw new RequestError("unknown-call");
  if (trace !== "full") return { callId, content: [] };
  const edited = await store.findEdit(conversationId, callId);
  const input = edited?.type === "approval-decided" ? edited.arguments : proposed.arguments;
  return { callId, ...(input === undefined ? {} : { arguments: input }), ...(view ?? { content: [] }) };
}
