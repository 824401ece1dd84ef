import type { Kysely } from "kysely";

/**
 * What owners make (documents with versions), the audit log, and the list of calls that is derived from the journal.
 */
export async function createDocuments(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .createTable("documents")
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("parent", "text")
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("created_at", "double precision", (column) => column.notNull())
    .addColumn("updated_at", "double precision", (column) => column.notNull())
    .addColumn("expires_at", "double precision")
    .addPrimaryKeyConstraint("documents_key", ["kind", "id"])
    .execute();
  await schema.createIndex("documents_children").on("documents").columns(["kind", "parent", "id"]).execute();
  await schema.createIndex("documents_end").on("documents").column("expires_at").where("expires_at", "is not", null).execute();

  await schema
    .createTable("audit")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("at", "double precision", (column) => column.notNull())
    .addColumn("actor_kind", "text", (column) => column.notNull())
    .addColumn("actor_id", "text", (column) => column.notNull())
    .addColumn("actor_name", "text", (column) => column.notNull())
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("target_kind", "text", (column) => column.notNull())
    .addColumn("target_id", "text", (column) => column.notNull())
    .addColumn("before_body", "text")
    .addColumn("after_body", "text")
    .execute();
  await schema.createIndex("audit_actor").on("audit").column("actor_id").execute();
  await schema.createIndex("audit_action").on("audit").column("action").execute();
  await schema.createIndex("audit_target").on("audit").column("target_id").execute();
  await schema.createIndex("audit_target_kind").on("audit").column("target_kind").execute();

  await schema
    .createTable("call_records")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("call_id", "text", (column) => column.notNull())
    .addColumn("conversation_id", "text")
    .addColumn("at", "double precision", (column) => column.notNull())
    .addColumn("assistant", "text")
    .addColumn("customer_id", "text")
    .addColumn("person", "text")
    .addColumn("server", "text", (column) => column.notNull())
    .addColumn("tool", "text", (column) => column.notNull())
    .addColumn("arguments", "text")
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("refusal", "text")
    .addColumn("started_at", "double precision")
    .addColumn("ended_at", "double precision")
    .addColumn("duration_ms", "double precision")
    .addColumn("approval", "text")
    .addColumn("cause", "text")
    .execute();
  await schema.createIndex("call_records_call").on("call_records").columns(["conversation_id", "call_id"]).unique().execute();
  await schema.createIndex("call_records_at").on("call_records").column("at").execute();
  await schema.createIndex("call_records_customer").on("call_records").columns(["customer_id", "at"]).execute();
  await schema.createIndex("call_records_server").on("call_records").columns(["server", "at"]).execute();
}
