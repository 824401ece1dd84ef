import type { Kysely } from "kysely";

/** What readers of a large result are given, beside the result: whatever deletes the result deletes it too. */
export async function createResultViews(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("result_views")
    .addColumn("conversation_id", "text", (column) => column.notNull())
    .addColumn("call_id", "text", (column) => column.notNull())
    .addColumn("view", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("result_views_key", ["conversation_id", "call_id", "view"])
    .addForeignKeyConstraint("result_views_result", ["conversation_id", "call_id"], "results", ["conversation_id", "call_id"], (key) =>
      key.onDelete("cascade"),
    )
    .execute();
}
