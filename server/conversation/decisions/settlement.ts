import { RequestError } from "../../../protocol/errors.ts";
import type { Actor } from "../../../protocol/events.ts";
import type { Store } from "../ports/store.ts";
import type { Decision, DecisionRefusals, Waiting } from "./decide.ts";

/** How a call that ended unknown really ended, as a person of the staff says. */
export interface Settlement {
  readonly conversationId: string;
  readonly callId: string;
  /** `unknown`: it stays as it is, with a note for the staff, and may be settled later. */
  readonly outcome: "ok" | "failed" | "unknown";
  readonly note?: string;
  /** It did not happen, and the model may call it again. */
  readonly mayRetry?: boolean;
}

interface Unsettled extends Waiting {
  readonly title: string;
}

const REFUSALS: DecisionRefusals = {
  unknown: { code: "unknown-call" },
  decided: { code: "already-decided" },
  late: { code: "request-over" },
};

const PAGE = 100;

/** Only a call that ended unknown can be settled: `request-over` where its end is known, or not there yet. */
export function settlementDecision({ conversationId, callId, outcome, note, mayRetry }: Settlement, by: Actor): Decision<Unsettled> {
  return {
    conversationId,
    by,
    refusals: REFUSALS,
    find: (store) => findUnsettled(store, conversationId, callId),
    events: ({ title }) => [
      {
        type: "tool-call-settled",
        callId,
        by,
        outcome,
        title,
        ...(note === undefined ? {} : { note }),
        ...(outcome === "failed" && mayRetry === true ? { mayRetry } : {}),
      },
    ],
  };
}

/** Reads on from the call to the journal's end, since it may be settled at any time after it. */
async function findUnsettled(store: Store, conversationId: string, callId: string): Promise<Unsettled | undefined> {
  const proposed = await store.findCall(conversationId, callId);
  if (proposed?.type !== "tool-call-proposed") return undefined;
  const { title } = proposed.tool;
  let ended: string | undefined;
  let { seq } = proposed;
  for (;;) {
    const page = await store.readFrom(conversationId, seq + 1, PAGE);
    for (const event of page) {
      seq = event.seq;
      if (event.type === "tool-call-ended" && event.callId === callId) ended = event.outcome;
      if (event.type === "tool-call-settled" && event.callId === callId && event.outcome !== "unknown")
        return { approver: "staff", status: "decided", title };
    }
    if (page.length < PAGE) break;
  }
  if (ended === "unknown") return { approver: "staff", status: "waiting", afterSeq: seq, title };
  const how = ended === undefined ? "has not ended yet" : `ended "${ended}"`;
  throw new RequestError("request-over", { detail: `Only a call that ended unknown can be settled; this one ${how}.` });
}
