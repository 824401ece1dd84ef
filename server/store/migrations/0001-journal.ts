import type { CreateTableBuilder, Kysely } from "kysely";

/** The journal, and what is derived from it so that no method has to read a journal to its end. */
export async function createJournal(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .createTable("conversations")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("assistant", "text", (column) => column.notNull())
    .addColumn("customer_id", "text", (column) => column.notNull())
    .addColumn("created_at", "double precision", (column) => column.notNull())
    .addColumn("updated_at", "double precision", (column) => column.notNull())
    .addColumn("last_seq", "integer", (column) => column.notNull())
    .addColumn("open_seq", "integer", (column) => column.notNull())
    .addColumn("summary_seq", "integer", (column) => column.notNull())
    .addColumn("lease_holder", "text")
    .addColumn("lease_until", "double precision")
    .addColumn("fence", "integer", (column) => column.notNull())
    .addColumn("due_at", "double precision")
    .addColumn("due_since", "double precision", (column) => column.notNull())
    .execute();
  await schema.createIndex("conversations_due").on("conversations").columns(["due_at", "due_since"]).execute();

  await ofConversation(schema.createTable("events"))
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("at", "double precision", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("events_key", ["conversation_id", "seq"])
    .execute();

  await ofConversation(schema.createTable("messages"))
    .addColumn("message_id", "text", (column) => column.notNull())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("messages_key", ["conversation_id", "message_id"])
    .execute();

  await ofConversation(schema.createTable("calls"))
    .addColumn("call_id", "text", (column) => column.notNull())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("calls_key", ["conversation_id", "call_id"])
    .execute();

  await ofConversation(schema.createTable("approvals"))
    .addColumn("approval_id", "text", (column) => column.primaryKey())
    .addColumn("call_id", "text", (column) => column.notNull())
    .addColumn("turn_id", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("approver", "text", (column) => column.notNull())
    .addColumn("arguments_hash", "text", (column) => column.notNull())
    .addColumn("definition_hash", "text")
    .addColumn("rememberable", "integer", (column) => column.notNull())
    .addColumn("expires_at", "double precision", (column) => column.notNull())
    .execute();

  await ofConversation(schema.createTable("grants"))
    .addColumn("server", "text", (column) => column.notNull())
    .addColumn("tool", "text", (column) => column.notNull())
    .addColumn("definition_hash", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("grants_key", ["conversation_id", "server", "tool", "definition_hash"])
    .execute();

  await ofConversation(schema.createTable("results"))
    .addColumn("call_id", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("results_key", ["conversation_id", "call_id"])
    .execute();
}

function ofConversation<Table extends string>(table: CreateTableBuilder<Table>) {
  return table.addColumn("conversation_id", "text", (column) => column.notNull().references("conversations.id"));
}
