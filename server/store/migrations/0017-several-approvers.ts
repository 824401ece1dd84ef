import { type Kysely, sql } from "kysely";

/**
 * Who may approve, how many have to, who did already, when the staff is reminded, and where the arguments are that the
 * staff made of a call's.
 */
export async function addApprovers(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable("approvals").addColumn("approver_groups", "text").execute();
  await schema.alterTable("approvals").addColumn("people", "integer").execute();
  await schema
    .alterTable("approvals")
    .addColumn("escalated", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable("approvals").addColumn("given", "text").execute();
  await schema.alterTable("approvals").addColumn("arguments_seq", "integer").execute();
  await schema
    .alterTable("approvals")
    .addColumn("remind_at", sql`double precision`)
    .execute();
  await schema.alterTable("calls").addColumn("edited_seq", "integer").execute();
  await schema
    .createIndex("approvals_reminders")
    .on("approvals")
    .column("remind_at")
    .where(sql.ref("status"), "=", sql.lit("waiting"))
    .execute();
}
