import { RequestError } from "../../../protocol/errors.ts";
import type { EventOf } from "../../../protocol/events.ts";
import type { Store } from "../ports/store.ts";

/** A call whose tool has a view. Throws `RequestError` `no-view`. */
export async function viewedCall(
  store: Pick<Store, "findCall">,
  conversationId: string,
  callId: string,
): Promise<EventOf<"tool-call-proposed">> {
  const call = await store.findCall(conversationId, callId);
  if (call?.type !== "tool-call-proposed" || call.view === undefined) throw new RequestError("no-view");
  return call;
}
