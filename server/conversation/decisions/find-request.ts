import { RequestError } from "../../../protocol/errors.ts";
import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { Conversation, Store } from "../ports/store.ts";

/** What a person is asked besides approvals. */
export interface RequestEvents {
  "connection-requested": EventOf<"connection-requested">;
  "input-requested": EventOf<"input-requested">;
}
export type RequestType = keyof RequestEvents;

export interface FoundRequest<T extends RequestType> {
  readonly request: RequestEvents[T];
  /** Whether it was decided, by whomever. */
  readonly over: boolean;
  /** Its turn until now. */
  readonly turn: readonly JournalEvent[];
  /** The journal's end as it was read. */
  readonly lastSeq: number;
}

const PAGE = 100;
/** How far before the open end is looked for one that is over, so that its answer can be told so. */
const CLOSED_EVENTS = 1_000;

/** The request that a person answers, wherever it lies in what is still open. Throws `RequestError` `unknown-request`. */
export async function findRequest<T extends RequestType>(
  store: Store,
  conversation: Conversation,
  type: T,
  requestId: string,
): Promise<FoundRequest<T>> {
  let newer: readonly JournalEvent[] = [];
  let request: RequestEvents[T] | undefined;
  const earliest = Math.max(1, Math.min(conversation.openSeq, conversation.lastSeq) - CLOSED_EVENTS);
  for (let before = conversation.lastSeq + 1; before > earliest;) {
    const page = await store.readBefore(conversation.id, before, PAGE);
    if (page.length === 0) break;
    newer = [...page, ...newer];
    request ??= page.find((event): event is RequestEvents[T] & JournalEvent => event.type === type && event.requestId === requestId);
    if (request !== undefined && page.some((event) => event.type === "turn-started" && event.turnId === request?.turnId)) break;
    before = page[0]?.seq ?? 1;
  }
  if (request === undefined) throw new RequestError("unknown-request");
  const { turnId } = request;
  const turn = newer.filter((event) => "turnId" in event && event.turnId === turnId);
  return { request, over: turn.some((event) => decides(event, requestId)), turn, lastSeq: newer.at(-1)?.seq ?? 0 };
}

function decides(event: JournalEvent, requestId: string): boolean {
  return (event.type === "connection-decided" || event.type === "input-decided") && event.requestId === requestId;
}
