import { RequestError } from "../../../protocol/errors.ts";
import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { Store } from "../ports/store.ts";
import type { ViewAtHand } from "./view-desk.ts";
import { viewResult } from "./view-result.ts";

type Proposed = EventOf<"tool-call-proposed">;

const PAGE = 200;

/** The events of one call, from its proposal to its end. */
export async function eventsOfCall(store: Pick<Store, "readFrom">, conversationId: string, call: Proposed): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [call];
  for (let from = call.seq + 1; ; from += PAGE) {
    const page = await store.readFrom(conversationId, from, PAGE);
    for (const event of page) {
      if (!("callId" in event) || event.callId !== call.callId) continue;
      events.push(event);
      if (event.type === "tool-call-ended") return events;
    }
    if (page.length < PAGE) return events;
  }
}

const CANCELLED = {
  refused: "The call was refused. Nothing was done.",
  cancelled: "The call was cancelled.",
  unknown: "No answer came. Whether the call was carried out is not known.",
} as const;

/**
 * What a view is told of how its call ended: nothing while it runs. Throws `RequestError` `no-view` where the result is
 * not kept any more: a view never gets an empty one in place of the real one.
 */
export async function endOfCall(
  store: Pick<Store, "readFrom" | "readResult">,
  conversationId: string,
  call: Proposed,
): Promise<Pick<ViewAtHand, "result" | "cancelled">> {
  const ended = (await eventsOfCall(store, conversationId, call)).at(-1);
  if (ended?.type !== "tool-call-ended") return {};
  const { outcome, keep } = ended;
  if (outcome !== "ok" && outcome !== "failed") return { cancelled: CANCELLED[outcome] };
  const stored = await store.readResult(conversationId, call.callId);
  if (stored === undefined && keep !== undefined) throw new RequestError("no-view", { detail: "Its result is not kept." });
  return { result: viewResult(outcome, stored ?? { content: [] }) };
}
