import type { Generated } from "kysely";
import type { DeliveriesTable, RaisedTable } from "./notice-tables.ts";
import type { PublishedCallsTable, PublishedStepsTable } from "./published-tables.ts";
import type { RecordingPiecesTable, RecordingsTable } from "./recording-tables.ts";

/**
 * The tables as Kysely types them: one schema for node:sqlite and Postgres. Times are `double precision` (milliseconds
 * since 1970): both databases give them back as JavaScript numbers, fractions included. JSON is kept as text:
 * Postgres's `jsonb` refuses `\u0000` and reorders keys.
 */
export interface Schema {
  conversations: ConversationsTable;
  events: EventsTable;
  messages: MessagesTable;
  calls: CallsTable;
  approvals: ApprovalsTable;
  grants: GrantsTable;
  results: ResultsTable;
  result_views: ResultViewsTable;
  documents: DocumentsTable;
  audit: AuditTable;
  call_records: CallRecordsTable;
  inbox: InboxTable;
  inbox_marks: InboxMarksTable;
  inbox_seen: InboxSeenTable;
  search_queue: SearchQueueTable;
  raised: RaisedTable;
  deliveries: DeliveriesTable;
  usage_counts: UsageCountsTable;
  usage_times: UsageTimesTable;
  feedback: FeedbackTable;
  budget_notices: BudgetNoticesTable;
  recordings: RecordingsTable;
  recording_pieces: RecordingPiecesTable;
  published_calls: PublishedCallsTable;
  published_steps: PublishedStepsTable;
}

export interface ConversationsTable {
  id: string;
  assistant: string;
  customer_id: string;
  created_at: number;
  updated_at: number;
  last_seq: number;
  open_seq: number;
  summary_seq: number;
  lease_holder: string | null;
  lease_until: number | null;
  fence: number;
  /** From when somebody has to look at it: 0 is now, null is when something is appended. */
  due_at: number | null;
  /** When it became due: those who wait longest come first. */
  due_since: number;
  /** The name of the preview in which it is held; null is a customer's own. */
  preview: string | null;
  /** The member of the staff who answers in it; null is the assistant. */
  person_id: string | null;
  person_name: string | null;
  /** Since when it waits for a person. */
  asked_at: number | null;
  closed_at: number | null;
  /** How many of its calls ended unknown and are not settled. */
  unknown_calls: Generated<number>;
  /** `down` where the customer rated any answer so, `up` where they rated all that they rated so, else `none`. */
  feedback: Generated<string>;
  /** 1: a person was asked for, or answered. */
  met_person: Generated<number>;
  /** Since when it is being erased: it takes nothing more, and nobody finds it. */
  erasing_at: number | null;
  /** Events before these numbers have lost their results, and their raw calls. */
  results_from: Generated<number>;
  traces_from: Generated<number>;
}

export interface EventsTable {
  conversation_id: string;
  seq: number;
  at: number;
  type: string;
  body: string;
}

/** The place of each message by the client's id, so that a repeat is seen without reading the journal. */
export interface MessagesTable {
  conversation_id: string;
  message_id: string;
  seq: number;
}

/** The place of each call's `tool-call-proposed`. */
export interface CallsTable {
  conversation_id: string;
  call_id: string;
  seq: number;
  /** The place of the `approval-decided` with the arguments that it runs with; null is those proposed. */
  edited_seq: number | null;
}

export interface ApprovalsTable {
  approval_id: string;
  conversation_id: string;
  call_id: string;
  turn_id: string;
  status: string;
  approver: string;
  arguments_hash: string;
  definition_hash: string | null;
  /** 0 or 1: SQLite has no booleans. */
  rememberable: number;
  expires_at: number;
  /** When it was asked for, and by which event; null in those that had ended before this was kept. */
  requested_at: number | null;
  requested_seq: number | null;
  /** Ids of groups, as JSON; null is everybody who may decide. */
  approver_groups: string | null;
  /** How many members of the staff have to approve; null is one. */
  people: number | null;
  /** 1: it came to the staff when the customer's time was over. */
  escalated: Generated<number>;
  /** Who of several approved already, as JSON; null is nobody. */
  given: string | null;
  /** The event with the arguments that somebody of several made of it. */
  arguments_seq: number | null;
  /** When the staff is told next that it still waits; null is not any more. */
  remind_at: number | null;
}

export interface GrantsTable {
  conversation_id: string;
  server: string;
  tool: string;
  definition_hash: string;
}

/** Beside the events, so that reading a page of a journal never reads megabytes of results. */
export interface ResultsTable {
  conversation_id: string;
  call_id: string;
  body: string;
}

/** What readers of a large result are given, so that reading it costs no more than it answers. */
export interface ResultViewsTable {
  conversation_id: string;
  call_id: string;
  view: string;
  body: string;
}

export interface DocumentsTable {
  kind: string;
  id: string;
  version: number;
  parent: string | null;
  body: string;
  created_at: number;
  updated_at: number;
  /** From then on it counts as gone; null is never. */
  expires_at: number | null;
  /** What lists find it by, in small letters; null for kinds that nobody looks for. */
  search: string | null;
  owner: string | null;
}

export interface AuditTable {
  id: Generated<number>;
  at: number;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  action: string;
  target_kind: string;
  target_id: string;
  before_body: string | null;
  after_body: string | null;
}

/** One row per tool call of a conversation, moved by its events, and one per test by hand. */
export interface CallRecordsTable {
  id: Generated<number>;
  call_id: string;
  /** Null, as `assistant` and `customer_id`, for a test by hand; then `person` is set. */
  conversation_id: string | null;
  /** Whole milliseconds, so that the cursor can name the moment. */
  at: number;
  assistant: string | null;
  customer_id: string | null;
  person: string | null;
  person_name: string | null;
  server: string;
  tool: string;
  /** Only for a test by hand: a conversation's are read from its journal. */
  arguments: string | null;
  outcome: string;
  refusal: string | null;
  started_at: number | null;
  ended_at: number | null;
  duration_ms: number | null;
  approval: string | null;
  cause: string | null;
}

/** What staff see of a conversation, and what they keep about it. None for one in a preview. */
export interface InboxTable {
  conversation_id: string;
  assistant: string;
  customer_id: string;
  /** The order of the lists: the last activity, or when what was put off comes back. */
  active_at: number;
  /** 0 or 1. */
  closed: Generated<number>;
  /** Those that staff may decide. */
  waiting_approvals: Generated<number>;
  asked_at: Generated<number | null>;
  unknown_calls: Generated<number>;
  /** `person/<id>` or `group/<id>`. */
  assignee: Generated<string | null>;
  assignee_name: Generated<string | null>;
  /** A JSON list. */
  tags: Generated<string>;
  /** The place in `PRIORITIES`. */
  priority: Generated<number>;
  snoozed_until: Generated<number | null>;
  language: string | null;
  page: string | null;
  /** The event with the newest message, answer or reply. */
  message_seq: Generated<number>;
  /** The newest event that staff ought to see. */
  heard_seq: Generated<number>;
  /** The call that the customer is on, and since when. */
  voice_call_id: Generated<string | null>;
  voice_call_at: Generated<number | null>;
  /** The newest that anybody of the staff has seen. */
  seen_seq: Generated<number>;
  version: Generated<number>;
}

/** What conversations are found by, such as `tag:refund` or `tool:orders/refund_order`. */
export interface InboxMarksTable {
  mark: string;
  conversation_id: string;
}

export interface InboxSeenTable {
  conversation_id: string;
  member: string;
  seq: number;
}

/** Texts that the search has yet to read. */
export interface SearchQueueTable {
  id: Generated<number>;
  conversation_id: string;
  seq: number;
}

/** Sums by assistant and quarter of an hour (`server/usage/measures.ts`). */
export interface UsageCountsTable {
  assistant: string;
  quarter: number;
  measure: string;
  subject: string;
  amount: number;
}

/** Histograms of times, by the same; `bucket` as in `server/usage/time-buckets.ts`. */
export interface UsageTimesTable extends UsageCountsTable {
  bucket: number;
}

/** What the customer thinks of an answer: the newest rating, and when it was given. */
export interface FeedbackTable {
  conversation_id: string;
  turn_id: string;
  rating: string;
  at: number;
}

/** What was told of budgets, once each. */
export interface BudgetNoticesTable {
  assistant: string;
  budget: string;
  period_start: number;
  kind: string;
  at: number;
  used: number;
  most: number;
}
