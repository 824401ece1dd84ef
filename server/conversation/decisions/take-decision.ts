import { RequestError } from "../../../protocol/errors.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import { JournalMovedError } from "../ports/errors.ts";
import { findRequest, type FoundRequest, type RequestType } from "./find-request.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Conversation, Store } from "../ports/store.ts";

export interface DecisionDependencies {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
}

/** Somebody who writes all the time cannot keep an answer out for longer than this. */
const TRIES = 50;

/**
 * Writes what a person decided about a request that waits. Exactly one decision is taken: the entry is only written when nothing else was since the request
 * was looked at; otherwise it is looked at again. `decide` makes the entries, or throws. Answers with the number of the first.
 */
export async function takeDecision<T extends RequestType>(
  { store, journal, clock }: DecisionDependencies,
  conversation: Conversation,
  { type, requestId }: { type: T; requestId: string },
  decide: (found: FoundRequest<T>) => readonly EventDraft[],
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const now = attempt === 1 ? conversation : await store.find(conversation.id);
    const found = await findRequest(store, now ?? conversation, type, requestId);
    const events = decide(found);
    try {
      const appended = await journal.append({ conversationId: conversation.id, events, at: clock.now(), afterSeq: found.lastSeq });
      return appended.events[0]?.seq ?? 0;
    } catch (error) {
      if (!(error instanceof JournalMovedError)) throw error;
      if (attempt >= TRIES) throw new RequestError("busy");
    }
  }
}

/** Throws `RequestError` `request-over` unless the request still waits and is in time. */
export function mustWait<T extends RequestType>(found: FoundRequest<T>, now: number): void {
  if (found.over) throw new RequestError("request-over");
  if (found.request.expiresAt <= now) throw new RequestError("request-over", { detail: "The time to answer is over." });
}
