import { type Kysely, sql } from "kysely";

/**
 * What is being erased, how far raw calls are gone, and the words of the audit log without what was taken out of it.
 */
export async function addErasing(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .alterTable("conversations")
    .addColumn("erasing_at", sql`double precision`)
    .execute();
  for (const column of ["results_from", "traces_from"])
    await schema
      .alterTable("conversations")
      .addColumn(column, "integer", (definition) => definition.notNull().defaultTo(1))
      .execute();
  await schema.createIndex("conversations_of_customer").on("conversations").columns(["customer_id", "id"]).execute();
  // Only for those that ask for it by this condition: no list is to be put in order of its filter.
  await schema
    .createIndex("conversations_by_age")
    .on("conversations")
    .columns(["assistant", "updated_at", "id"])
    .where(sql.ref("erasing_at"), "is", null)
    .execute();
  // A conversation that goes is looked for in all that refers to it, so the index has those that were decided as well.
  await schema.dropIndex("approvals_waiting").execute();
  await schema.createIndex("approvals_waiting").on("approvals").columns(["conversation_id", "status"]).execute();
  await schema
    .createIndex("conversations_erasing")
    .on("conversations")
    .columns(["erasing_at", "id"])
    .where(sql.ref("erasing_at"), "is not", null)
    .execute();

  // What is deleted from the words is gone from the index at once, not when SQLite next rewrites a part of it.
  await sql`insert into audit_words (audit_words, rank) values ('secure-delete', 1)`.execute(database);
  await sql`create trigger audit_words_changed after update of before_body, after_body on audit begin
    insert into audit_words (audit_words, rowid, text) values ('delete', old.id, ${textOf("old")});
    insert into audit_words (rowid, text) values (new.id, ${textOf("new")});
  end`.execute(database);
}

/** As the triggers of 0008 write it: what is taken out of the index has to be what was put in. */
function textOf(row: "new" | "old") {
  const body = (column: string): string => `replace(replace(replace(coalesce(${row}.${column}, ''), '\\n', ' '), '\\t', ' '), '\\r', ' ')`;
  const columns = ["actor_name", "action", "target_kind", "target_id"].map((column) => `${row}.${column}`);
  return sql.raw([...columns, body("before_body"), body("after_body")].join(" || ' ' || "));
}
