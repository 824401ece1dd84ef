import type { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export function approvalStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertApproval: prepare(
      database,
      (
        parameter: Parameter<{
          approvalId: string;
          conversationId: string;
          callId: string;
          turnId: string;
          approver: string;
          argumentsHash: string;
          definitionHash: string | null;
          rememberable: number;
          expiresAt: number;
          requestedAt: number;
          requestedSeq: number;
          groups: string | null;
          people: number | null;
          escalated: number;
          remindAt: number | null;
        }>,
      ) =>
        kysely.insertInto("approvals").values({
          approval_id: parameter("approvalId"),
          conversation_id: parameter("conversationId"),
          call_id: parameter("callId"),
          turn_id: parameter("turnId"),
          status: "waiting",
          approver: parameter("approver"),
          arguments_hash: parameter("argumentsHash"),
          definition_hash: parameter("definitionHash"),
          rememberable: parameter("rememberable"),
          expires_at: parameter("expiresAt"),
          requested_at: parameter("requestedAt"),
          requested_seq: parameter("requestedSeq"),
          approver_groups: parameter("groups"),
          people: parameter("people"),
          escalated: parameter("escalated"),
          given: null,
          arguments_seq: null,
          remind_at: parameter("remindAt"),
        }),
    ),
    findApproval: prepare(database, (parameter: Parameter<{ approvalId: string }>) =>
      kysely.selectFrom("approvals").selectAll().where("approval_id", "=", parameter("approvalId")),
    ),
    moveApproval: prepare(database, (parameter: Parameter<{ approvalId: string; status: string }>) =>
      kysely
        .updateTable("approvals")
        .set({ status: parameter("status") })
        .where("approval_id", "=", parameter("approvalId")),
    ),
  };
}

/** Who of several approved, and when the staff is reminded. */
export function approvalChangeStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    giveApproval: prepare(database, (parameter: Parameter<{ approvalId: string; given: string; argumentsSeq: number | null }>) =>
      kysely
        .updateTable("approvals")
        .set({ given: parameter("given"), arguments_seq: parameter("argumentsSeq") })
        .where("approval_id", "=", parameter("approvalId")),
    ),
    listReminders: prepare(database, (parameter: Parameter<{ now: number; limit: number }>) =>
      kysely
        .selectFrom("approvals")
        .select(["approval_id", "conversation_id", "call_id", "requested_at", "expires_at", "approver_groups"])
        .where("status", "=", sql.lit("waiting"))
        .where("remind_at", "<=", parameter("now"))
        .orderBy("remind_at")
        .limit(parameter("limit")),
    ),
    setReminder: prepare(database, (parameter: Parameter<{ approvalId: string; remindAt: number | null }>) =>
      kysely
        .updateTable("approvals")
        .set({ remind_at: parameter("remindAt") })
        .where("approval_id", "=", parameter("approvalId")),
    ),
  };
}

/** What some approvals leave for later calls. */
export function grantStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertGrant: prepare(
      database,
      (parameter: Parameter<{ conversationId: string; server: string; tool: string; definitionHash: string }>) =>
        kysely
          .insertInto("grants")
          .values({
            conversation_id: parameter("conversationId"),
            server: parameter("server"),
            tool: parameter("tool"),
            definition_hash: parameter("definitionHash"),
          })
          .onConflict((conflict) => conflict.doNothing()),
    ),
    listGrants: prepare(database, (parameter: Parameter<{ conversationId: string }>) =>
      kysely
        .selectFrom("grants")
        .select(["server", "tool", "definition_hash as definitionHash"])
        .where("conversation_id", "=", parameter("conversationId"))
        .orderBy("server")
        .orderBy("tool")
        .orderBy("definition_hash"),
    ),
  };
}
