import { type Kysely, sql } from "kysely";

type Tables = {
  approvals: { approval_id: string; conversation_id: string; status: string; requested_at: number | null; requested_seq: number | null };
  events: { conversation_id: string; seq: number; at: number; type: string; body: string };
};

/**
 * Columns and the index of the staff's list of waiting approvals: when each was asked for, and where its arguments are
 * in the journal.
 */
export async function listWaitingApprovals(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable("approvals").addColumn("requested_at", "double precision").execute();
  await schema.alterTable("approvals").addColumn("requested_seq", "integer").execute();
  await fillWaiting(database.withTables<Tables>());
  await schema
    .createIndex("approvals_requested")
    .on("approvals")
    .columns(["requested_at", "approval_id"])
    .where(sql.ref("status"), "=", sql.lit("waiting"))
    .execute();
}

/** Those that wait at this moment; the others are never listed. */
async function fillWaiting(database: Kysely<Tables>): Promise<void> {
  const waiting = await database
    .selectFrom("approvals")
    .select(["approval_id", "conversation_id"])
    .where("status", "=", "waiting")
    .execute();
  for (const { approval_id: approvalId, conversation_id: conversationId } of waiting) {
    const requests = await database
      .selectFrom("events")
      .select(["seq", "at", "body"])
      .where("conversation_id", "=", conversationId)
      .where("type", "=", "approval-requested")
      .execute();
    const request = requests.find(({ body }) => (JSON.parse(body) as { approvalId?: unknown }).approvalId === approvalId);
    if (request === undefined) continue;
    await database
      .updateTable("approvals")
      .set({ requested_at: request.at, requested_seq: request.seq })
      .where("approval_id", "=", approvalId)
      .execute();
  }
}
