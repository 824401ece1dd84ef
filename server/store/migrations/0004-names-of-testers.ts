import type { Kysely } from "kysely";

/**
 * The name of who tested a tool, as it was then: an id alone means nothing to a reader, and a person who has left has
 * no other name.
 */
export async function nameTesters(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable("call_records").addColumn("person_name", "text").execute();
}
