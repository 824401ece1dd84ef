import type { Kysely } from "kysely";

/** Lists of people, groups and keys go by name. */
export async function listByName(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createIndex("documents_named")
    .on("documents")
    .columns(["kind", "search", "id"])
    .where("search", "is not", null)
    .execute();
}
