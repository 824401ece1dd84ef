import { RequestError } from "../../../protocol/errors.ts";
import type { Actor } from "../../../protocol/events.ts";
import type { Store } from "../ports/store.ts";
import type { Decision, DecisionRefusals, Waiting } from "./decide.ts";

/** How a call that ended unknown really ended, as a person of the staff says. */
export interface Settlement {
  readonly conversationId: string;
  readonly callId: string;
  readonly outcome: "ok" | "failed";
  readonly note?: string;
}

const REFUSALS: DecisionRefusals = {
  unknown: { code: "unknown-call" },
  decided: { code: "already-decided" },
  late: { code: "request-over" },
};

const PAGE = 100;

/** Only a call that ended unknown can be settled: `request-over` where its end is known, or not there yet. */
export function settlementDecision({ conversationId, callId, outcome, note }: Settlement, by: Actor): Decision<Waiting> {
  return {
    conversationId,
    by,
    refusals: REFUSALS,
    find: (store) => findUnsettled(store, conversationId, callId),
    events: () => [{ type: "tool-call-settled", callId, by, outcome, ...(note === undefined ? {} : { note }) }],
  };
}

/** Reads on from the call to the journal's end, since it may be settled at any time after it. */
async function findUnsettled(store: Store, conversationId: string, callId: string): Promise<Waiting | undefined> {
  const proposed = await store.findCall(conversationId, callId);
  if (proposed === undefined) return undefined;
  let ended: string | undefined;
  let { seq } = proposed;
  for (;;) {
    const page = await store.readFrom(conversationId, seq + 1, PAGE);
    for (const event of page) {
      seq = event.seq;
      if (event.type === "tool-call-ended" && event.callId === callId) ended = event.outcome;
      if (event.type === "tool-call-settled" && event.callId === callId) return { approver: "staff", status: "decided" };
    }
    if (page.length < PAGE) break;
  }
  if (ended === "unknown") return { approver: "staff", status: "waiting", afterSeq: seq };
  const how = ended === undefined ? "has not ended yet" : `ended "${ended}"`;
  throw new RequestError("request-over", { detail: `Only a call that ended unknown can be settled; this one ${how}.` });
}
