import type { OpenedConversation } from "../../protocol/frames.ts";
import { customerView } from "./customer-view.ts";
import type { Live } from "./journal/live.ts";
import type { Conversation, Store } from "./ports/store.ts";

export interface OpenConversationPorts {
  readonly store: Pick<Store, "readBefore" | "readFrom">;
  readonly live: Pick<Live, "snapshot">;
  /** Events of one page. */
  readonly pageEvents: number;
}

/**
 * What was missed after `after`, or the last page where that is too much, and what is passing at this moment. A
 * conversation that is not there is empty.
 */
export async function openConversation(
  { store, live, pageEvents }: OpenConversationPorts,
  conversation: Conversation | undefined,
  after: number | undefined,
): Promise<OpenedConversation> {
  if (conversation === undefined) return { events: [], more: false, lastSeq: 0, reset: (after ?? 0) > 0, progress: [] };
  const { id, lastSeq } = conversation;
  const resume = after !== undefined && after <= lastSeq && lastSeq - after <= pageEvents;
  const events = resume ? await store.readFrom(id, after + 1, pageEvents) : await store.readBefore(id, lastSeq + 1, pageEvents);
  const { running, progress } = live.snapshot(id);
  return {
    events: events.map(customerView),
    more: (events[0]?.seq ?? 1) > 1 && !resume,
    lastSeq: events.at(-1)?.seq ?? lastSeq,
    reset: after !== undefined && !resume,
    ...(running === undefined ? {} : { running }),
    progress,
  };
}
