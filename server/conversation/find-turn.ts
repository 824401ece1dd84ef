import { RequestError } from "../../protocol/errors.ts";
import type { JournalEvent } from "../../protocol/events.ts";
import type { Conversation, Store } from "./ports/store.ts";

export interface FoundTurn {
  readonly messageId: string;
  readonly ended: boolean;
  /** Absent: it cannot be tried again. 0: it can. Otherwise the number of the event by which it was. */
  readonly retriedSeq?: number;
}

/** The conversation's newest turn, or one that ended just before it. Throws `RequestError` `unknown-turn`. */
export async function findTurn(
  store: Pick<Store, "readBefore">,
  conversation: Conversation,
  { turnId, pageEvents }: { turnId: string; pageEvents: number },
): Promise<FoundTurn> {
  let newer: readonly JournalEvent[] = [];
  for (let before = conversation.lastSeq + 1; before > 1;) {
    const page = await store.readBefore(conversation.id, before, pageEvents);
    newer = [...page, ...newer];
    const started = page.find((event) => event.type === "turn-started" && event.turnId === turnId);
    if (started?.type === "turn-started") return describeTurn(newer, started.turnId, started.messageId);
    if (newer.some((event) => event.type === "turn-started") || page.length === 0) break;
    before = page[0]?.seq ?? 1;
  }
  throw new RequestError("unknown-turn");
}

function describeTurn(newer: readonly JournalEvent[], turnId: string, messageId: string): FoundTurn {
  const end = newer.find((event) => event.type === "turn-ended" && event.turnId === turnId);
  const retried = newer.find((event) => event.type === "retry-requested" && event.turnId === turnId);
  const failed = end?.type === "turn-ended" && end.outcome === "failed";
  const newest = newer.findLast((event) => event.type === "turn-started")?.turnId === turnId;
  return { ended: end !== undefined, messageId, ...(failed && (newest || retried !== undefined) ? { retriedSeq: retried?.seq ?? 0 } : {}) };
}
