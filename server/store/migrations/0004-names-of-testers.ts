import type { Kysely } from "kysely";

/** The name of who tested a tool, as it was then: an id alone tells nobody anything, and whoever left has no other. */
export async function nameTesters(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable("call_records").addColumn("person_name", "text").execute();
}
