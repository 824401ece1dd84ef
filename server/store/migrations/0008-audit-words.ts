import { type Kysely, sql } from "kysely";

/** What the audit log is filtered by, each with the time that it is listed by. */
const FILTERS = [
  ["audit_actor", "actor_id"],
  ["audit_action", "action"],
  ["audit_target", "target_id"],
  ["audit_target_kind", "target_kind"],
] as const;

/**
 * Indexes that end in the order of the list, so that a page of it reads no more than the page, and the words of the
 * audit log. JSON writes line breaks and tabs as letters after a backslash, which would be taken for parts of words.
 */
export async function indexAudit(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.createIndex("audit_at").on("audit").columns(["at", "id"]).execute();
  for (const [index, column] of FILTERS) {
    await schema.dropIndex(index).execute();
    await schema.createIndex(index).on("audit").columns([column, "at", "id"]).execute();
  }

  // Contentless: what was written is in `audit` already.
  await sql`create virtual table audit_words using fts5(text, content = '', tokenize = 'unicode61 remove_diacritics 2')`.execute(database);
  await sql`insert into audit_words (rowid, text) select id, ${textOf("audit")} from audit`.execute(database);
  await sql`create trigger audit_words_added after insert on audit begin
    insert into audit_words (rowid, text) values (new.id, ${textOf("new")});
  end`.execute(database);
  await sql`create trigger audit_words_removed after delete on audit begin
    insert into audit_words (audit_words, rowid, text) values ('delete', old.id, ${textOf("old")});
  end`.execute(database);
}

function textOf(row: "audit" | "new" | "old") {
  const body = (column: string): string => `replace(replace(replace(coalesce(${row}.${column}, ''), '\\n', ' '), '\\t', ' '), '\\r', ' ')`;
  const columns = ["actor_name", "action", "target_kind", "target_id"].map((column) => `${row}.${column}`);
  return sql.raw([...columns, body("before_body"), body("after_body")].join(" || ' ' || "));
}
