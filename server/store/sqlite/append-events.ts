import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import { isAside } from "../../conversation/ports/asides.ts";
import { ConversationMissingError, ConversationTakenError, JournalMovedError, LeaseLostError } from "../../conversation/ports/errors.ts";
import type { Append, Appended } from "../../conversation/ports/store.ts";
import { raises } from "../../notices/raises.ts";
import { consumeApproval, decideApproval, giveApproval, requestApproval } from "./approvals.ts";
import { recordCall } from "./call-records.ts";
import { type Standing, standingAfter } from "./conversation-standing.ts";
import { writeAudit } from "./document-changes.ts";
import { beginInbox, moveInbox } from "./inbox-rows.ts";
import { holdsLease } from "./leases.ts";
import type { ConversationRow, Statements } from "./statements.ts";
import { bodyOf } from "./stored-json.ts";
import { countConversation, countEvent } from "./usage.ts";

/** `Store.append`, inside a transaction: whatever it throws, nothing is written. */
export function appendEvents(statements: Statements, append: Append): Appended {
  const conversation = conversationFor(statements, append);
  const { conversationId, at, lease } = append;
  if (lease !== undefined && !(lease.conversationId === conversationId && holdsLease(conversation, lease)))
    throw new LeaseLostError(conversationId);
  if (append.afterSeq !== undefined && append.afterSeq !== conversation.last_seq) throw new JournalMovedError(conversationId);

  const repeated = repeatedMessage(statements, append);
  if (repeated !== undefined) return { events: [], repeated };

  let seq = conversation.last_seq;
  let summarySeq = conversation.summary_seq;
  let standing: Standing = conversation;
  const events: JournalEvent[] = [];
  for (const draft of append.events) {
    seq += 1;
    statements.insertEvent.run({ conversationId, seq, at, type: draft.type, body: bodyOf(draft) });
    derive(statements, append, draft, seq);
    const isOwnTool = !recordCall(statements, conversation, draft, at);
    if (conversation.preview === null && isSearched(draft, isOwnTool)) statements.queueText.run({ id: conversationId, seq });
    if (raises(draft)) statements.insertRaised.run({ at, conversationId, seq, body: null });
    countEvent(statements, conversation, draft, at);
    if (draft.type === "summary-written") summarySeq = seq;
    standing = standingAfter(standing, draft, at);
    events.push({ ...draft, seq, at });
  }
  if (append.once !== undefined) statements.insertMessage.run({ conversationId, messageId: append.once, seq });
  for (const callId of append.forgetResults ?? []) statements.deleteResult.run({ conversationId, callId });
  writeAudit(statements, append.audit ?? [], at);
  statements.moveConversation.run({ id: conversationId, at, lastSeq: seq, summarySeq, ...dueAfter(conversation, append) });
  if (standing !== conversation) keepStanding(statements, conversationId, standing);
  moveInbox(statements, conversation, events, standing);
  if (lease === undefined || append.release?.seenSeq !== conversation.last_seq) return { events };
  statements.giveLeaseBack.run({ id: conversationId, openSeq: seq + 1, dueAt: null, dueSince: conversation.due_since });
  return { events, released: true };
}

function conversationFor(statements: Statements, { conversationId, create, at, lease }: Append): ConversationRow {
  const found = statements.findConversation.get({ id: conversationId });
  if (found === undefined) {
    if (create === undefined) throw new ConversationMissingError(conversationId);
    const { assistant, customerId, preview } = create;
    for (const text of [conversationId, assistant, customerId, preview ?? ""]) refuseUnkeepable(text);
    statements.insertConversation.run({ id: conversationId, assistant, customerId, preview: preview ?? null, at });
    if (preview === undefined) beginInbox(statements, conversationId, create, at);
    const made = statements.findConversation.get({ id: conversationId })!;
    countConversation(statements, made);
    return made;
  }
  if (found.erasing_at !== null)
    throw lease === undefined ? new ConversationMissingError(conversationId) : new LeaseLostError(conversationId);
  if (create !== undefined && !isOf(found, create)) throw new ConversationTakenError(conversationId);
  return found;
}

function isOf(found: ConversationRow, { assistant, customerId, preview }: NonNullable<Append["create"]>): boolean {
  return found.customer_id === customerId && found.assistant === assistant && found.preview === (preview ?? null);
}

/**
 * A text column turns a lone surrogate into U+FFFD, which would make two customers one; Postgres has no NUL in texts.
 */
function refuseUnkeepable(text: string): void {
  if (!text.isWellFormed() || text.includes("\0"))
    throw new TypeError(
      `${JSON.stringify(text)} cannot be the id of a conversation, an assistant or a customer: it is not well-formed text.`,
    );
}

function repeatedMessage(statements: Statements, { conversationId, events, once }: Append): number | undefined {
  for (const messageId of [once, ...events.map(sentAs)]) {
    if (messageId === undefined) continue;
    const earlier = statements.findMessage.get({ conversationId, messageId });
    if (earlier !== undefined) return earlier.seq;
  }
  return undefined;
}

/** The sender's own id of what was sent; undefined: nobody sent it under one. */
function sentAs(draft: EventDraft): string | undefined {
  if (draft.type === "contact-left") return draft.contactId;
  return draft.type === "message-received" || draft.type === "reply-sent" ? draft.messageId : undefined;
}

/**
 * Moves what is derived from an event, which is nothing for most of them. `openSeq` is not: at rest it is the next
 * event's number, and a run moves it as it gives its lease back.
 */
function derive(statements: Statements, { conversationId, at, results }: Append, draft: EventDraft, seq: number): void {
  switch (draft.type) {
    case "message-received":
    case "reply-sent":
    case "contact-left":
      statements.insertMessage.run({ conversationId, messageId: sentAs(draft)!, seq });
      return;
    case "tool-call-proposed":
      statements.insertCall.run({ conversationId, callId: draft.callId, seq });
      return;
    case "approval-requested":
      requestApproval(statements, conversationId, draft, { seq, at });
      return;
    case "approval-given":
      giveApproval(statements, conversationId, draft, { seq, at });
      return;
    case "approval-decided":
      decideApproval(statements, conversationId, draft, at);
      if (draft.decision === "approved" && draft.arguments !== undefined)
        statements.setCallEdited.run({ conversationId, callId: draft.callId, seq });
      return;
    case "tool-call-started":
      if (draft.approvalId !== undefined) consumeApproval(statements, conversationId, draft.approvalId, draft.callId);
      return;
    case "tool-call-ended":
      if (results !== undefined && Object.hasOwn(results, draft.callId))
        statements.insertResult.run({ conversationId, callId: draft.callId, body: JSON.stringify(results[draft.callId]) });
      return;
    default:
      return;
  }
}

/** Whether it has a text that staff look for. What our own tools answer is said again by those that they found. */
function isSearched(draft: EventDraft, isOwnTool: boolean): boolean {
  switch (draft.type) {
    case "message-received":
    case "step-ended":
    case "reply-sent":
    case "note-written":
      return draft.text.trim() !== "";
    case "tool-call-ended":
      return !isOwnTool && draft.text !== undefined && draft.keep === undefined;
    default:
      return false;
  }
}

function keepStanding(statements: Statements, id: string, standing: Standing): void {
  statements.setStanding.run({
    id,
    personId: standing.person_id,
    personName: standing.person_name,
    askedAt: standing.asked_at,
    closedAt: standing.closed_at,
    unknownCalls: standing.unknown_calls,
  });
}

/**
 * An entry from outside a run is something to answer, but for those that nobody has to. What a run writes changes
 * nothing here: whoever holds the lease is due already.
 */
function dueAfter(conversation: ConversationRow, { events, at }: Append): { dueAt: number | null; dueSince: number } {
  if (events.length > 0 && events.every(isAside)) return { dueAt: conversation.due_at, dueSince: conversation.due_since };
  return { dueAt: 0, dueSince: conversation.due_at === 0 ? conversation.due_since : at };
}
