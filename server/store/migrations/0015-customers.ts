import type { Kysely } from "kysely";

/** The conversations of one customer, newest first. */
export async function listByCustomer(database: Kysely<unknown>): Promise<void> {
  await database.schema.createIndex("conversations_customer").on("conversations").columns(["customer_id", "updated_at"]).execute();
}
