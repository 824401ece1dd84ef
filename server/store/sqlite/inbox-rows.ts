import type { EventType, JournalEvent } from "../../../protocol/events.ts";
import type { Append } from "../../conversation/ports/store.ts";
import { keepable } from "./call-records.ts";
import type { Standing } from "./conversation-standing.ts";
import type { InboxRow } from "./inbox-statements.ts";
import type { ConversationRow, Statements } from "./statements.ts";

/** What a row of the inbox is made of beside its events. */
export type InboxOrigin = Pick<NonNullable<Append["create"]>, "assistant" | "customerId" | "language" | "page">;

type Moved = Pick<
  InboxRow,
  | "customer_id"
  | "active_at"
  | "snoozed_until"
  | "assignee"
  | "assignee_name"
  | "message_seq"
  | "heard_seq"
  | "waiting_approvals"
  | "voice_call_id"
  | "voice_call_at"
>;

/** All others leave the row as it is, and cost it nothing. */
const MOVING: ReadonlySet<EventType> = new Set<EventType>([
  "message-received",
  "step-ended",
  "reply-sent",
  "note-written",
  "person-asked",
  "contact-left",
  "person-joined",
  "handed-back",
  "conversation-closed",
  "conversation-reopened",
  "customer-identified",
  "approval-requested",
  "approval-decided",
  "tool-call-proposed",
  "tool-call-ended",
  "tool-call-settled",
  "feedback-given",
  "voice-call-started",
  "voice-call-ended",
]);

/** The row of a conversation that begins, and what it is found by from then on. */
export function beginInbox(statements: Statements, id: string, { assistant, customerId, language, page }: InboxOrigin, at: number): void {
  const shown = { language: language === undefined ? null : keepable(language), page: page === undefined ? null : keepable(page) };
  statements.insertInbox.run({ id, assistant, customerId, at, ...shown });
  const marks = [`assistant:${assistant}`, `customer:${customerId}`];
  if (shown.language !== null) marks.push(`language:${primaryLanguage(shown.language)}`);
  if (shown.page !== null) marks.push(...pageMarks(shown.page));
  for (const mark of marks) statements.insertMark.run({ id, mark });
}

/** Moves the row of a conversation by events of one append. `standing` is the conversation's after them. */
export function moveInbox(
  statements: Statements,
  { id, preview }: Pick<ConversationRow, "id" | "preview">,
  events: readonly JournalEvent[],
  standing: Standing,
): void {
  if (preview !== null) return;
  const moving = events.filter(({ type }) => MOVING.has(type));
  if (moving.length === 0) return;
  const before = statements.findInbox.get({ id });
  if (before === undefined) return;
  let row: Moved = before;
  for (const event of moving) {
    row = rowAfter(row, event);
    mark(statements, id, event);
  }
  // Of a call that was settled it is known how it ended; the others of its conversation keep the mark.
  if (standing.unknown_calls === 0 && moving.some(({ type }) => type === "tool-call-settled"))
    statements.deleteMark.run({ id, mark: "outcome:unknown" });
  if (moving.some(({ type }) => type === "approval-requested" || type === "approval-decided"))
    row = { ...row, waiting_approvals: statements.countWaiting.get({ id })?.waiting ?? 0 };
  statements.moveInbox.run({
    id,
    customerId: row.customer_id,
    activeAt: row.active_at,
    closed: standing.closed_at === null ? 0 : 1,
    waitingApprovals: row.waiting_approvals,
    askedAt: standing.asked_at,
    unknownCalls: standing.unknown_calls,
    assignee: row.assignee,
    assigneeName: row.assignee_name,
    snoozedUntil: row.snoozed_until,
    messageSeq: row.message_seq,
    heardSeq: row.heard_seq,
    voiceCallId: row.voice_call_id,
    voiceCallAt: row.voice_call_at,
  });
}

function rowAfter(row: Moved, event: JournalEvent): Moved {
  const { seq, at } = event;
  // What was put off stays where it comes back, whatever happens meanwhile, but for the customer.
  const active = { ...row, active_at: row.snoozed_until !== null && row.snoozed_until > at ? row.active_at : at };
  switch (event.type) {
    case "message-received":
      return { ...row, active_at: at, snoozed_until: null, message_seq: seq, heard_seq: seq };
    case "contact-left":
    case "person-asked":
      return { ...row, active_at: at, snoozed_until: null, heard_seq: seq };
    case "step-ended":
      return event.text.trim() === "" ? row : { ...active, message_seq: seq };
    case "reply-sent":
      return { ...active, message_seq: seq, heard_seq: seq };
    case "approval-requested":
      return event.approver === "customer" ? row : { ...active, heard_seq: seq };
    case "tool-call-ended":
      return event.outcome === "unknown" ? { ...active, heard_seq: seq } : row;
    case "person-joined":
      return { ...active, ...(event.by.program === true ? {} : joined(event.by)), snoozed_until: null, active_at: at };
    case "note-written":
      return { ...active, heard_seq: seq };
    case "customer-identified":
      return { ...row, customer_id: keepable(event.customerId) };
    case "voice-call-started":
      return { ...active, voice_call_id: keepable(event.voiceCallId), voice_call_at: at };
    case "voice-call-ended":
      // The one that took over has begun before the other ended, perhaps.
      return row.voice_call_id === keepable(event.voiceCallId) ? { ...active, voice_call_id: null, voice_call_at: null } : row;
    case "handed-back":
    case "conversation-closed":
    case "conversation-reopened":
      return { ...active };
    default:
      return row;
  }
}

/** Whoever answers has the conversation. */
function joined({ id, name = "" }: { readonly id: string; readonly name?: string | undefined }): Pick<Moved, "assignee" | "assignee_name"> {
  return { assignee: `person/${keepable(id)}`, assignee_name: keepable(name) };
}

function mark(statements: Statements, id: string, event: JournalEvent): void {
  switch (event.type) {
    case "tool-call-proposed":
      if (event.tool.source !== "host")
        // With its server and without: people seldom know which server a tool is of.
        for (const name of [`${event.tool.server}/${event.tool.tool}`, event.tool.tool])
          statements.insertMark.run({ id, mark: `tool:${keepable(name)}` });
      return;
    case "tool-call-ended":
    case "tool-call-settled":
      statements.insertMark.run({ id, mark: `outcome:${event.outcome}` });
      return;
    case "feedback-given":
      markRatings(statements, id);
      return;
    case "customer-identified":
      statements.deleteMark.run({ id, mark: `customer:${keepable(event.before)}` });
      statements.insertMark.run({ id, mark: `customer:${keepable(event.customerId)}` });
      return;
    default:
      return;
  }
}

/** The newest of each answer counts, and `none` takes it back. */
function markRatings(statements: Statements, id: string): void {
  const ratings = statements.listRatings.all({ conversationId: id }).map(({ rating }) => rating);
  for (const rating of ["up", "down"]) {
    const mark = { id, mark: `feedback:${rating}` };
    if (ratings.includes(rating)) statements.insertMark.run(mark);
    else statements.deleteMark.run(mark);
  }
}

/** The first part of a BCP 47 tag, in small letters. */
export function primaryLanguage(tag: string): string {
  return (tag.split("-")[0] ?? "").toLowerCase();
}

/** A page is found by its address, and by its path alone. */
function pageMarks(page: string): readonly string[] {
  const path = URL.canParse(page) ? new URL(page).pathname : page;
  return [...new Set([`page:${page}`, `page:${path}`])];
}
