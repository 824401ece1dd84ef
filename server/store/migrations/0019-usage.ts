import { type Kysely, sql } from "kysely";

/**
 * What was used, by quarter hours, so that days of every zone can be cut from them; and what customers think of answers.
 * What happened before is not counted: reading all journals would hold up the start.
 */
export async function countUsage(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("usage_counts")
    .addColumn("assistant", "text", (column) => column.notNull())
    .addColumn("quarter", "integer", (column) => column.notNull())
    .addColumn("measure", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("amount", sql`double precision`, (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_counts_key", ["assistant", "quarter", "measure", "subject"])
    .execute();
  await schema
    .createTable("usage_times")
    .addColumn("assistant", "text", (column) => column.notNull())
    .addColumn("quarter", "integer", (column) => column.notNull())
    .addColumn("measure", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("bucket", "integer", (column) => column.notNull())
    .addColumn("amount", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_times_key", ["assistant", "quarter", "measure", "subject", "bucket"])
    .execute();
  await schema
    .createTable("feedback")
    .addColumn("conversation_id", "text", (column) => column.notNull().references("conversations.id"))
    .addColumn("turn_id", "text", (column) => column.notNull())
    .addColumn("rating", "text", (column) => column.notNull())
    .addColumn("at", sql`double precision`, (column) => column.notNull())
    .addPrimaryKeyConstraint("feedback_key", ["conversation_id", "turn_id"])
    .execute();
  await schema
    .createTable("budget_notices")
    .addColumn("assistant", "text", (column) => column.notNull())
    .addColumn("budget", "text", (column) => column.notNull())
    .addColumn("period_start", sql`double precision`, (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("at", sql`double precision`, (column) => column.notNull())
    .addColumn("used", sql`double precision`, (column) => column.notNull())
    .addColumn("most", sql`double precision`, (column) => column.notNull())
    .addPrimaryKeyConstraint("budget_notices_key", ["assistant", "budget", "period_start", "kind"])
    .execute();
  await schema.createIndex("budget_notices_at").on("budget_notices").column("at").execute();
  await schema
    .alterTable("conversations")
    .addColumn("feedback", "text", (column) => column.notNull().defaultTo("none"))
    .execute();
  await schema
    .alterTable("conversations")
    .addColumn("met_person", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}
