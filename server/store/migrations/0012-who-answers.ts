import { type Kysely, sql } from "kysely";

/** Who answers in a conversation, and what of it waits for the staff. */
export async function addStanding(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable("conversations").addColumn("person_id", "text").execute();
  await schema.alterTable("conversations").addColumn("person_name", "text").execute();
  await schema
    .alterTable("conversations")
    .addColumn("asked_at", sql`double precision`)
    .execute();
  await schema
    .alterTable("conversations")
    .addColumn("closed_at", sql`double precision`)
    .execute();
  await schema
    .alterTable("conversations")
    .addColumn("unknown_calls", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}
