import type { Kysely } from "kysely";

/** Tests by hand are in the execution log as well, beside calls of clients. */
export async function logPublishedTests(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable("published_calls").addColumn("tester_id", "text").execute();
  await schema.alterTable("published_calls").addColumn("tester_name", "text").execute();
}
