/**
 * The tables as Kysely types them: one schema for node:sqlite and Postgres. Times are `double precision` (milliseconds since 1970): both databases
 * give them back as JavaScript numbers, fractions included. JSON is kept as text: Postgres's `jsonb` refuses `\u0000` and reorders keys.
 */
export interface Schema {
  conversations: ConversationsTable;
  events: EventsTable;
  messages: MessagesTable;
  calls: CallsTable;
  approvals: ApprovalsTable;
  grants: GrantsTable;
  results: ResultsTable;
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
}

export interface EventsTable {
  conversation_id: string;
  seq: number;
  at: number;
  type: string;
  body: string;
}

/** Where a message of the client's id lies, so that a repeat is seen without reading the journal. */
export interface MessagesTable {
  conversation_id: string;
  message_id: string;
  seq: number;
}

/** Where the `tool-call-proposed` of a call lies. */
export interface CallsTable {
  conversation_id: string;
  call_id: string;
  seq: number;
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
