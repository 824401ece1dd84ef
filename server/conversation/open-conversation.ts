import type { OpenedConversation } from "../../protocol/frames.ts";
import type { JournalEvent } from "../../protocol/events.ts";
import type { Live } from "./journal/live.ts";
import type { Conversation, Store } from "./ports/store.ts";
import { type PageLimits, readPage } from "./read-page.ts";

export interface OpenConversationPorts {
  readonly store: Pick<Store, "readBefore" | "readFrom">;
  readonly live: Pick<Live, "snapshot">;
  readonly page: PageLimits;
}

/** What was opened, with its events as `View` has them. */
export type Opened<View> = Omit<OpenedConversation, "events"> & { readonly events: readonly View[] };

/**
 * What was missed after `after`, or the last page where that is too much, and what is passing at this moment. A
 * conversation that is not there is empty.
 */
export async function openConversation<View>(
  { store, live, page }: OpenConversationPorts,
  conversation: Conversation | undefined,
  after: number | undefined,
  view: (event: JournalEvent) => View,
): Promise<Opened<View>> {
  if (conversation === undefined) return { events: [], more: false, lastSeq: 0, reset: (after ?? 0) > 0, progress: [] };
  const { id, lastSeq } = conversation;
  const missed = after === undefined ? undefined : await readMissed({ store, page }, conversation, after);
  const events = missed ?? (await readPage(store, page, { id, before: lastSeq + 1 }));
  const { running, progress } = live.snapshot(id);
  return {
    events: events.map(view),
    more: (events[0]?.seq ?? 1) > 1 && missed === undefined,
    lastSeq: events.at(-1)?.seq ?? lastSeq,
    reset: after !== undefined && missed === undefined,
    ...(running === undefined ? {} : { running }),
    progress,
  };
}

/** Undefined: it is more than a page, or `after` is not of this journal. */
async function readMissed(
  { store, page }: Pick<OpenConversationPorts, "store" | "page">,
  { id, lastSeq }: Conversation,
  after: number,
): Promise<readonly JournalEvent[] | undefined> {
  if (after > lastSeq || lastSeq - after > page.events) return undefined;
  const events = await store.readFrom(id, after + 1, page.events, page.bytes);
  return (events.at(-1)?.seq ?? after) < lastSeq ? undefined : events;
}
