import { RequestError } from "../../protocol/errors.ts";
import type { JournalEvent } from "../../protocol/events.ts";
import type { Store } from "./ports/store.ts";

export interface FoundTurn {
  readonly messageId: string;
  readonly ended: boolean;
  /** Absent: it cannot be tried again. 0: it can. Otherwise the number of the event by which it was. */
  readonly retriedSeq?: number;
}

/** Beginnings, ends and repeats: some ten turns. */
const NEWEST = 30;

/** The conversation's newest turn, or one that ended just before it. Throws `RequestError` `unknown-turn`. */
export async function findTurn(store: Pick<Store, "readTurns">, conversationId: string, turnId: string): Promise<FoundTurn> {
  const newest = await store.readTurns(conversationId, NEWEST);
  const started = newest.find((event) => event.type === "turn-started" && event.turnId === turnId);
  if (started?.type !== "turn-started") throw new RequestError("unknown-turn");
  return describeTurn(newest, turnId, started.messageId);
}

/** Some two hundred turns: nobody scrolls further up to rate an answer. */
const RATEABLE = 600;

/** Throws `RequestError` `unknown-turn` unless the turn is one of the conversation's newer ones, and has ended. */
export async function findEndedTurn(store: Pick<Store, "readTurns">, conversationId: string, turnId: string): Promise<void> {
  const turns = await store.readTurns(conversationId, RATEABLE);
  if (!turns.some((event) => event.type === "turn-ended" && event.turnId === turnId)) throw new RequestError("unknown-turn");
}

function describeTurn(newer: readonly JournalEvent[], turnId: string, messageId: string): FoundTurn {
  const end = newer.find((event) => event.type === "turn-ended" && event.turnId === turnId);
  const retried = newer.find((event) => event.type === "retry-requested" && event.turnId === turnId);
  const failed = end?.type === "turn-ended" && end.outcome === "failed";
  const newest = newer.findLast((event) => event.type === "turn-started")?.turnId === turnId;
  return { ended: end !== undefined, messageId, ...(failed && (newest || retried !== undefined) ? { retriedSeq: retried?.seq ?? 0 } : {}) };
}
