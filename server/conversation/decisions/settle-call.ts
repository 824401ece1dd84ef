import { RequestError } from "../../../protocol/errors.ts";
import type { Actor } from "../../../protocol/events.ts";
import { JournalMovedError } from "../ports/errors.ts";
import type { Store } from "../ports/store.ts";
import type { DecisionDependencies } from "./take-decision.ts";

/** How a call really ended. */
export interface Settlement {
  readonly conversationId: string;
  readonly callId: string;
  readonly outcome: "ok" | "failed";
  readonly note?: string;
}

const PAGE = 100;
/** Somebody who writes all the time cannot keep the word out for longer than this. */
const TRIES = 50;

/**
 * Writes what a person says became of a call that ended unknown: once, and only where nobody knew. Answers with the number of the entry. Throws `RequestError`:
 * `unknown-call`, `request-over` where its end is known or not there yet, `already-decided`.
 */
export async function settleCall({ store, journal, clock }: DecisionDependencies, by: Actor, settlement: Settlement): Promise<number> {
  const { conversationId, callId, outcome, note } = settlement;
  const event = { type: "tool-call-settled", callId, by, outcome, ...(note === undefined ? {} : { note }) } as const;
  for (let attempt = 1; ; attempt += 1) {
    const afterSeq = await readUnsettled(store, conversationId, callId);
    try {
      const { events } = await journal.append({ conversationId, events: [event], at: clock.now(), afterSeq });
      return events[0]?.seq ?? 0;
    } catch (error) {
      if (!(error instanceof JournalMovedError)) throw error;
      if (attempt >= TRIES) throw new RequestError("busy");
    }
  }
}

/** The journal's end as it was read. Reads on from the call, since it may be settled at any time after it. */
async function readUnsettled(store: Store, conversationId: string, callId: string): Promise<number> {
  const proposed = await store.findCall(conversationId, callId);
  if (proposed === undefined) throw new RequestError("unknown-call");
  let ended: string | undefined;
  let { seq } = proposed;
  for (;;) {
    const page = await store.readFrom(conversationId, seq + 1, PAGE);
    for (const event of page) {
      seq = event.seq;
      if (event.type === "tool-call-ended" && event.callId === callId) ended = event.outcome;
      if (event.type === "tool-call-settled" && event.callId === callId) throw new RequestError("already-decided");
    }
    if (page.length < PAGE) break;
  }
  if (ended === "unknown") return seq;
  const how = ended === undefined ? "has not ended yet" : `ended "${ended}"`;
  throw new RequestError("request-over", { detail: `Only a call that ended unknown can be settled; this one ${how}.` });
}
