import { type Kysely, sql } from "kysely";

/**
 * Conversations that are held in a preview, which lists leave out unless they are asked for; and those of one
 * assistant, to count them.
 */
export async function markPreviews(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable("conversations").addColumn("preview", "text").execute();
  await schema
    .createIndex("conversations_preview")
    .on("conversations")
    .columns(["created_at", "id"])
    .where(sql.ref("preview"), "is not", null)
    .execute();
  await schema
    .createIndex("conversations_assistant")
    .on("conversations")
    .columns(["assistant", "created_at", "id"])
    .where(sql.ref("preview"), "is", null)
    .execute();
}
