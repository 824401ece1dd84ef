import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { Store } from "../ports/store.ts";
import type { DecisionRefusals, Waiting } from "./decide.ts";

/** What a customer is asked besides approvals. */
export interface RequestEvents {
  "connection-requested": EventOf<"connection-requested">;
  "input-requested": EventOf<"input-requested">;
}
export type RequestType = keyof RequestEvents;

export interface WaitingRequest<T extends RequestType> extends Waiting {
  readonly request: RequestEvents[T];
  /** The requests of its turn until now, and what was decided about them. */
  readonly turn: readonly JournalEvent[];
}

export const REQUEST_REFUSALS: DecisionRefusals = {
  unknown: { code: "unknown-request" },
  decided: { code: "request-over" },
  late: { code: "request-over", detail: "The time to answer is over." },
};

/** How far before the open end a request that is over is looked for, so that whoever answers it learns that it is. */
const CLOSED_EVENTS = 1_000;

/** A sign-in or a question that a customer is asked for, wherever it is in what is still open. */
export async function findRequest<T extends RequestType>(
  store: Pick<Store, "find" | "readRequests">,
  conversationId: string,
  { type, requestId }: { readonly type: T; readonly requestId: string },
): Promise<WaitingRequest<T> | undefined> {
  const conversation = await store.find(conversationId);
  if (conversation === undefined) return undefined;
  const { openSeq, lastSeq } = conversation;
  const asked = await store.readRequests(conversationId, Math.max(1, Math.min(openSeq, lastSeq) - CLOSED_EVENTS));
  const request = asked.find((event): event is RequestEvents[T] & JournalEvent => event.type === type && event.requestId === requestId);
  if (request === undefined) return undefined;
  const { turnId, expiresAt } = request;
  const turn = asked.filter((event) => "turnId" in event && event.turnId === turnId);
  const status = turn.some((event) => decides(event, requestId)) ? "decided" : "waiting";
  return { request, turn, approver: "customer", status, expiresAt, afterSeq: Math.max(lastSeq, asked.at(-1)?.seq ?? 0) };
}

function decides(event: JournalEvent, requestId: string): boolean {
  return (event.type === "connection-decided" || event.type === "input-decided") && event.requestId === requestId;
}
