import { type Kysely, sql } from "kysely";

/** The execution log of published servers, and when a client first connected, listed and called. */
export async function logPublishedCalls(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("published_calls")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("server", "text", (column) => column.notNull())
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("key_name", "text", (column) => column.notNull())
    .addColumn("client_name", "text")
    .addColumn("client_version", "text")
    .addColumn("tool", "text", (column) => column.notNull())
    .addColumn("arguments", "text", (column) => column.notNull())
    .addColumn("result", "text", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("cause", "text")
    .addColumn("conversation_id", "text")
    .addColumn("at", sql`double precision`, (column) => column.notNull())
    .addColumn("duration_ms", sql`double precision`, (column) => column.notNull())
    .addColumn("words", "text", (column) => column.notNull())
    .execute();
  await schema.createIndex("published_calls_server").on("published_calls").columns(["server", "id"]).execute();
  await schema.createIndex("published_calls_span").on("published_calls").columns(["server", "at"]).execute();
  await schema.createIndex("published_calls_at").on("published_calls").column("at").execute();
  await schema
    .createTable("published_steps")
    .addColumn("server", "text", (column) => column.notNull())
    .addColumn("step", "text", (column) => column.notNull())
    .addColumn("at", sql`double precision`, (column) => column.notNull())
    .addPrimaryKeyConstraint("published_steps_key", ["server", "step"])
    .execute();
}
