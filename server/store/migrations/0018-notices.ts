import { type Kysely, sql } from "kysely";

/** What is told to those who do not look at the console: what was raised, and what is on its way to whom. */
export async function createNotices(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("raised")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("at", sql`double precision`, (column) => column.notNull())
    .addColumn("conversation_id", "text")
    .addColumn("seq", "integer")
    .addColumn("body", "text")
    .execute();
  await schema.createIndex("raised_conversation").on("raised").column("conversation_id").execute();
  await schema
    .createTable("deliveries")
    .addColumn("number", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("target", "text", (column) => column.notNull())
    .addColumn("event", "text", (column) => column.notNull())
    .addColumn("conversation_id", "text")
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("created_at", sql`double precision`, (column) => column.notNull())
    .addColumn("due_at", sql`double precision`)
    .addColumn("ended_at", sql`double precision`)
    .addColumn("answer", "text")
    .execute();
  await schema.createIndex("deliveries_due").on("deliveries").column("due_at").where(sql.ref("due_at"), "is not", null).execute();
  await schema.createIndex("deliveries_ended").on("deliveries").column("ended_at").where(sql.ref("ended_at"), "is not", null).execute();
  await schema.createIndex("deliveries_target").on("deliveries").columns(["channel", "target", "number"]).execute();
  await schema.createIndex("deliveries_conversation").on("deliveries").column("conversation_id").execute();
}
