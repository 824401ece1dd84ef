import { type Kysely, sql } from "kysely";

/** The indexes of the staff's list of conversations: when they began, and what waits in them. */
export async function createConversationList(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.createIndex("conversations_created").on("conversations").columns(["created_at", "id"]).execute();
  await schema
    .createIndex("approvals_waiting")
    .on("approvals")
    .column("conversation_id")
    .where(sql.ref("status"), "=", sql.lit("waiting"))
    .execute();
}
