import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** Conversations, and which of them are due. */
export function conversationStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertConversation: prepare(
      database,
      (parameter: Parameter<{ id: string; assistant: string; customerId: string; preview: string | null; at: number }>) =>
        kysely.insertInto("conversations").values({
          id: parameter("id"),
          assistant: parameter("assistant"),
          customer_id: parameter("customerId"),
          created_at: parameter("at"),
          updated_at: parameter("at"),
          last_seq: 0,
          open_seq: 1,
          summary_seq: 0,
          lease_holder: null,
          lease_until: null,
          fence: 0,
          due_at: null,
          due_since: 0,
          preview: parameter("preview"),
        }),
    ),
    findConversation: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.selectFrom("conversations").selectAll().where("id", "=", parameter("id")),
    ),
    moveConversation: prepare(
      database,
      (parameter: Parameter<{ id: string; at: number; lastSeq: number; summarySeq: number; dueAt: number | null; dueSince: number }>) =>
        kysely
          .updateTable("conversations")
          .set({
            updated_at: parameter("at"),
            last_seq: parameter("lastSeq"),
            summary_seq: parameter("summarySeq"),
            due_at: parameter("dueAt"),
            due_since: parameter("dueSince"),
          })
          .where("id", "=", parameter("id")),
    ),
    listDue: prepare(database, (parameter: Parameter<{ now: number; limit: number }>) =>
      kysely
        .selectFrom("conversations")
        .select("id")
        .where("due_at", "<=", parameter("now"))
        .where((where) => where.or([where("lease_until", "is", null), where("lease_until", "<=", parameter("now"))]))
        .orderBy("due_at")
        .orderBy("due_since")
        .limit(parameter("limit")),
    ),
  };
}

/** Who answers in a conversation, and what of it waits for the staff. */
export function standingStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    setStanding: prepare(
      database,
      (
        parameter: Parameter<{
          id: string;
          personId: string | null;
          personName: string | null;
          askedAt: number | null;
          closedAt: number | null;
          unknownCalls: number;
        }>,
      ) =>
        kysely
          .updateTable("conversations")
          .set({
            person_id: parameter("personId"),
            person_name: parameter("personName"),
            asked_at: parameter("askedAt"),
            closed_at: parameter("closedAt"),
            unknown_calls: parameter("unknownCalls"),
          })
          .where("id", "=", parameter("id")),
    ),
  };
}

/** Who runs a conversation. */
export function leaseStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    takeLease: prepare(database, (parameter: Parameter<{ id: string; holder: string; until: number; fence: number; dueSince: number }>) =>
      kysely
        .updateTable("conversations")
        .set({
          lease_holder: parameter("holder"),
          lease_until: parameter("until"),
          fence: parameter("fence"),
          due_at: 0,
          due_since: parameter("dueSince"),
        })
        .where("id", "=", parameter("id")),
    ),
    renewLease: prepare(database, (parameter: Parameter<{ id: string; fence: number; until: number }>) =>
      kysely
        .updateTable("conversations")
        .set({ lease_until: parameter("until") })
        .where("id", "=", parameter("id"))
        .where("fence", "=", parameter("fence"))
        .where("lease_holder", "is not", null),
    ),
    giveLeaseBack: prepare(database, (parameter: Parameter<{ id: string; openSeq: number; dueAt: number | null; dueSince: number }>) =>
      kysely
        .updateTable("conversations")
        .set({
          lease_holder: null,
          lease_until: null,
          open_seq: parameter("openSeq"),
          due_at: parameter("dueAt"),
          due_since: parameter("dueSince"),
        })
        .where("id", "=", parameter("id")),
    ),
    // Whoever holds a lease is due (`takeLease`), so the index finds them and no other conversation is looked at.
    voidLeases: prepare(database, () =>
      kysely
        .updateTable("conversations")
        .set({ lease_holder: null, lease_until: null })
        .where("due_at", "=", 0)
        .where("lease_holder", "is not", null),
    ),
  };
}
