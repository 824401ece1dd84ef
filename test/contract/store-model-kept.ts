import type { JournalEvent } from "../../protocol/events.ts";
import type { Append, Conversation, Lease, ResultView, StoredResult } from "../../server/conversation/ports/store.ts";

/** What the model of the store keeps of a conversation. */
export interface Kept extends NonNullable<Append["create"]> {
  events: JournalEvent[];
  openSeq: number;
  holder: string | undefined;
  until: number;
  fence: number;
  /** From when it is due; undefined: not before the next entry. */
  dueAt: number | undefined;
  dueSince: number;
  results: Map<string, StoredResult>;
  /** What was written once, by its name: its number. */
  once: ReadonlyMap<string, number>;
  views: Map<string, ResultView>;
}

export function fresh(): Omit<Kept, "assistant" | "customerId"> {
  return {
    events: [],
    openSeq: 1,
    holder: undefined,
    until: 0,
    fence: 0,
    dueAt: undefined,
    dueSince: 0,
    results: new Map(),
    once: new Map(),
    views: new Map(),
  };
}

export function holds(kept: Kept, lease: Lease): boolean {
  return kept.holder !== undefined && kept.fence === lease.fence;
}

export function ownerOf({ assistant, customerId, preview }: NonNullable<Append["create"]>) {
  return { assistant, customerId, ...(preview === undefined ? {} : { preview }) };
}

export function conversationOf(id: string, kept: Kept): Conversation {
  const summarySeq = kept.events.findLast((event) => event.type === "summary-written")?.seq ?? 0;
  return { id, ...ownerOf(kept), lastSeq: kept.events.length, openSeq: kept.openSeq, summarySeq };
}
