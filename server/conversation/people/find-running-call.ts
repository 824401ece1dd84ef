import { RequestError } from "../../../protocol/errors.ts";
import type { Store } from "../ports/store.ts";

const PAGE = 100;

/** A call whose request has left and whose end is not known. Throws `RequestError` `unknown-call` or `request-over`. */
export async function findRunningCall(
  store: Pick<Store, "findCall" | "readFrom">,
  conversationId: string,
  callId: string,
): Promise<{ readonly turnId: string; readonly cancelRequested: boolean }> {
  const proposed = await store.findCall(conversationId, callId);
  if (proposed?.type !== "tool-call-proposed") throw new RequestError("unknown-call");
  let running = false;
  let cancelRequested = false;
  for (let { seq } = proposed; ;) {
    const page = await store.readFrom(conversationId, seq + 1, PAGE);
    for (const event of page) {
      seq = event.seq;
      if (!("callId" in event) || event.callId !== callId) continue;
      if (event.type === "tool-call-started" || event.type === "tool-call-resumed") running = true;
      if (event.type === "tool-call-paused") running = false;
      if (event.type === "call-cancel-requested") cancelRequested = true;
      if (event.type === "tool-call-ended") throw new RequestError("request-over", { detail: "The call has ended." });
    }
    if (page.length < PAGE) break;
  }
  if (!running) throw new RequestError("request-over", { detail: "The call does not run at this moment." });
  return { turnId: proposed.turnId, cancelRequested };
}
