import { type Kysely, sql } from "kysely";

/**
 * What staff see of each conversation of a customer, in the order of the lists; what it is found by; and who has seen
 * it. What was there before counts as seen.
 */
export async function createInbox(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("inbox")
    .addColumn("conversation_id", "text", (column) => column.primaryKey().references("conversations.id"))
    .addColumn("assistant", "text", (column) => column.notNull())
    .addColumn("customer_id", "text", (column) => column.notNull())
    .addColumn("active_at", "double precision", (column) => column.notNull())
    .addColumn("closed", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("waiting_approvals", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("asked_at", "double precision")
    .addColumn("unknown_calls", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("assignee", "text")
    .addColumn("assignee_name", "text")
    .addColumn("tags", "text", (column) => column.notNull().defaultTo("[]"))
    .addColumn("priority", "integer", (column) => column.notNull().defaultTo(1))
    .addColumn("snoozed_until", "double precision")
    .addColumn("language", "text")
    .addColumn("page", "text")
    .addColumn("message_seq", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("heard_seq", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("seen_seq", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("version", "integer", (column) => column.notNull().defaultTo(1))
    .execute();
  await schema
    .createTable("inbox_marks")
    .addColumn("mark", "text", (column) => column.notNull())
    .addColumn("conversation_id", "text", (column) => column.notNull().references("conversations.id"))
    .addPrimaryKeyConstraint("inbox_marks_key", ["mark", "conversation_id"])
    .execute();
  await schema
    .createTable("inbox_seen")
    .addColumn("conversation_id", "text", (column) => column.notNull().references("conversations.id"))
    .addColumn("member", "text", (column) => column.notNull())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("inbox_seen_key", ["conversation_id", "member"])
    .execute();
  await fill(database);
  await createIndexes(database);
}

/** One partial index for each view, in the order of its list. */
async function createIndexes(database: Kysely<unknown>): Promise<void> {
  const place = ["active_at", "conversation_id"];
  const index = (name: string) => database.schema.createIndex(name).on("inbox");
  await index("inbox_all").columns(place).execute();
  await index("inbox_open")
    .columns([...place, "snoozed_until"])
    .where(sql.ref("closed"), "=", sql.lit(0))
    .execute();
  await index("inbox_closed").columns(place).where(sql.ref("closed"), "=", sql.lit(1)).execute();
  await index("inbox_approval").columns(place).where(sql.ref("waiting_approvals"), ">", sql.lit(0)).execute();
  await index("inbox_person").columns(place).where(sql.ref("asked_at"), "is not", null).execute();
  await index("inbox_unknown").columns(place).where(sql.ref("unknown_calls"), ">", sql.lit(0)).execute();
  await index("inbox_assigned")
    .columns(["assignee", ...place])
    .where(sql.ref("assignee"), "is not", null)
    .execute();
  await index("inbox_snoozed")
    .columns([...place, "snoozed_until"])
    .where(sql.ref("snoozed_until"), "is not", null)
    .execute();
  await database.schema.createIndex("inbox_marks_conversation").on("inbox_marks").columns(["conversation_id", "mark"]).execute();
}

async function fill(database: Kysely<unknown>): Promise<void> {
  await sql`insert into inbox
      (conversation_id, assistant, customer_id, active_at, closed, waiting_approvals, asked_at, unknown_calls, message_seq)
    select id, assistant, customer_id, updated_at, case when closed_at is null then 0 else 1 end,
      (select count(*) from approvals where approvals.conversation_id = conversations.id and approvals.status = 'waiting'
        and approvals.approver in ('staff', 'either')),
      asked_at, unknown_calls,
      coalesce((select max(messages.seq) from messages where messages.conversation_id = conversations.id), 0)
    from conversations where preview is null`.execute(database);
  await sql`insert into inbox_marks (mark, conversation_id)
    select 'assistant:' || assistant, conversation_id from inbox
    union select 'customer:' || customer_id, conversation_id from inbox
    union select 'tool:' || call_records.server || '/' || call_records.tool, call_records.conversation_id
      from call_records join inbox on inbox.conversation_id = call_records.conversation_id
    union select 'tool:' || call_records.tool, call_records.conversation_id
      from call_records join inbox on inbox.conversation_id = call_records.conversation_id
    union select 'outcome:' || call_records.outcome, call_records.conversation_id
      from call_records join inbox on inbox.conversation_id = call_records.conversation_id
      where call_records.ended_at is not null`.execute(database);
}
