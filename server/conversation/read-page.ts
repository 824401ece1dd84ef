import type { JournalEvent } from "../../protocol/events.ts";
import type { Store } from "./ports/store.ts";

/** How much of a journal one answer has: reading is work, also where its customer sees little of what was read. */
export interface PageLimits {
  readonly events: number;
  /** As stored; a single event may have more. */
  readonly bytes: number;
}

/** A view may call 300 times: three entries each, and as many pages hold them. */
const MOST_PAGES = 12;
/** The share of a page that is to be what people said and were asked. */
const SHARE = 4;

/**
 * The page that ends before `before`. A view that asks its server every few seconds fills pages with what nobody reads:
 * then those before it belong to the same answer, so that the conversation itself is in it.
 */
export async function readPage(
  store: Pick<Store, "readBefore">,
  { events: most, bytes }: PageLimits,
  { id, before }: { readonly id: string; readonly before: number },
): Promise<readonly JournalEvent[]> {
  let events = await store.readBefore(id, before, most, bytes);
  const ofViews = new Set<string>();
  for (let pages = 1; pages < MOST_PAGES; pages += 1) {
    const first = events[0]?.seq ?? 1;
    for (const event of events) if (event.type === "tool-call-proposed" && event.byView !== undefined) ofViews.add(event.callId);
    const read = events.filter((event) => !isOfView(event, ofViews)).length;
    if (first <= 1 || read * SHARE >= Math.min(most, events.length)) return events;
    events = [...(await store.readBefore(id, first, most, bytes)), ...events];
  }
  return events;
}

function isOfView(event: JournalEvent, ofViews: ReadonlySet<string>): boolean {
  return event.type === "view-noted" || event.type === "view-context" || ("callId" in event && ofViews.has(event.callId));
}
