import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import { isAside } from "../../conversation/ports/asides.ts";
import { LeaseLostError } from "../../conversation/ports/errors.ts";
import type { AcquiredLease, Conversation, Lease, LeaseRequest, ListedConversation, Store } from "../../conversation/ports/store.ts";
import type { ConversationRow, EventRow, Statements } from "./statements.ts";
import { bodyOf, eventOf } from "./stored-json.ts";

type ReleaseState = Parameters<Store["releaseLease"]>[1];

/**
 * Whether the lease is the newest one and was not given back. It stays valid past its time, until somebody else takes
 * it.
 */
export function holdsLease(conversation: ConversationRow, lease: Lease): boolean {
  return conversation.lease_holder !== null && conversation.fence === lease.fence;
}

/**
 * `Store.acquireLease`, inside a transaction. Whoever holds a lease has work: the conversation is due from here on
 * until the lease is given back, so that the work of a run that dies is found.
 */
export function takeLease(statements: Statements, request: LeaseRequest): AcquiredLease | undefined {
  const { conversationId, holder, now, untilMs } = request;
  const conversation = statements.findConversation.get({ id: conversationId });
  if (conversation === undefined || conversation.erasing_at !== null) return undefined;
  const { lease_holder: other, lease_until: until } = conversation;
  if (other !== null && other !== holder && until !== null && until > now) return undefined;
  const fence = conversation.fence + 1;
  const dueSince = conversation.due_at === 0 ? conversation.due_since : now;
  statements.takeLease.run({ id: conversationId, holder, until: untilMs, fence, dueSince });
  const lease = { conversationId, fence };
  const began = beginTurn(statements, conversation, request, dueSince);
  if (began === undefined) return { lease, conversation: conversationOf(conversation) };
  return { lease, conversation: { ...conversationOf(conversation), lastSeq: began.seq }, began };
}

/** Undefined for a row that cannot be read: whoever reads the journal says so. */
function messageIn(conversationId: string, row: EventRow): string | undefined {
  try {
    const event = eventOf(conversationId, row);
    return event.type === "message-received" ? event.messageId : undefined;
  } catch {
    return undefined;
  }
}

/** More of them are left to the run, which reads the journal anyway. */
const MOST_ASIDES = 64;

/** Begins to answer the one message that waits, if that is all that is open beside what nobody has to answer. */
function beginTurn(
  statements: Statements,
  conversation: ConversationRow,
  { turnId, now, settings }: LeaseRequest,
  dueSince: number,
): JournalEvent | undefined {
  const { id, open_seq: openSeq, last_seq: lastSeq, summary_seq: summarySeq, person_id: person } = conversation;
  if (turnId === undefined || lastSeq < openSeq || lastSeq - openSeq > MOST_ASIDES || person !== null) return undefined;
  const open = statements.readFrom.all({ conversationId: id, from: openSeq, limit: MOST_ASIDES + 1 });
  const [row, ...others] = open.filter((event) => !isAside(event));
  if (row?.type !== "message-received" || others.length > 0) return undefined;
  const messageId = messageIn(id, row);
  if (messageId === undefined) return undefined;
  const draft: EventDraft = { type: "turn-started", turnId, messageId, ...settings };
  const seq = lastSeq + 1;
  statements.insertEvent.run({ conversationId: id, seq, at: now, type: draft.type, body: bodyOf(draft) });
  statements.moveConversation.run({ id, at: now, lastSeq: seq, summarySeq, dueAt: 0, dueSince });
  return { ...draft, seq, at: now };
}

/**
 * `Store.releaseLease`, inside a transaction. Throws `LeaseLostError`: false would send the caller back to work that is
 * no longer its own.
 */
export function giveLeaseBack(statements: Statements, lease: Lease, state: ReleaseState): boolean {
  const id = lease.conversationId;
  const conversation = statements.findConversation.get({ id });
  if (conversation === undefined || !holdsLease(conversation, lease)) throw new LeaseLostError(id);
  if (conversation.last_seq > state.seenSeq) return false;
  const dueAt = state.runnable ? 0 : (state.wakeAt ?? null);
  statements.giveLeaseBack.run({ id, openSeq: state.openSeq, dueAt, dueSince: conversation.due_since });
  return true;
}

export function conversationOf(row: ConversationRow): Conversation {
  return {
    id: row.id,
    assistant: row.assistant,
    ...(row.preview === null ? {} : { preview: row.preview }),
    customerId: row.customer_id,
    lastSeq: row.last_seq,
    openSeq: row.open_seq,
    summarySeq: row.summary_seq,
    ...(row.asked_at === null ? {} : { askedAt: row.asked_at }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.person_id === null ? {} : { person: { id: row.person_id, name: row.person_name ?? "" } }),
  };
}

export function listedOf(row: ConversationRow): ListedConversation {
  return { ...conversationOf(row), createdAt: row.created_at, updatedAt: row.updated_at };
}
