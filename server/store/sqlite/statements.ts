import type { DatabaseSync } from "node:sqlite";
import type { Kysely, Selectable } from "kysely";
import { callRecordStatements } from "./call-record-statements.ts";
import { documentStatements } from "./document-statements.ts";
import type { ConversationsTable, EventsTable, Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export type ConversationRow = Selectable<ConversationsTable>;
export type EventRow = Pick<Selectable<EventsTable>, "seq" | "at" | "type" | "body">;
export type Statements = ReturnType<typeof prepareStatements>;

/** Every query of the store, compiled once. `kysely` only writes the SQL; `database` runs it. */
export function prepareStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    ...conversationStatements(database, kysely),
    ...leaseStatements(database, kysely),
    ...eventStatements(database, kysely),
    ...indexStatements(database, kysely),
    ...approvalStatements(database, kysely),
    ...callRecordStatements(database, kysely),
    ...documentStatements(database, kysely),
  };
}

function conversationStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertConversation: prepare(database, (parameter: Parameter<{ id: string; assistant: string; customerId: string; at: number }>) =>
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

function leaseStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
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

function eventStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const page = kysely.selectFrom("events").select(["seq", "at", "type", "body"]);
  return {
    insertEvent: prepare(
      database,
      (parameter: Parameter<{ conversationId: string; seq: number; at: number; type: string; body: string }>) =>
        kysely.insertInto("events").values({
          conversation_id: parameter("conversationId"),
          seq: parameter("seq"),
          at: parameter("at"),
          type: parameter("type"),
          body: parameter("body"),
        }),
    ),
    readFrom: prepare(database, (parameter: Parameter<{ conversationId: string; from: number; limit: number }>) =>
      page
        .where("conversation_id", "=", parameter("conversationId"))
        .where("seq", ">=", parameter("from"))
        .orderBy("seq")
        .limit(parameter("limit")),
    ),
    readBefore: prepare(database, (parameter: Parameter<{ conversationId: string; before: number; limit: number }>) =>
      page
        .where("conversation_id", "=", parameter("conversationId"))
        .where("seq", "<", parameter("before"))
        .orderBy("seq", "desc")
        .limit(parameter("limit")),
    ),
    insertResult: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string; body: string }>) =>
      kysely.insertInto("results").values({
        conversation_id: parameter("conversationId"),
        call_id: parameter("callId"),
        body: parameter("body"),
      }),
    ),
    deleteResult: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string }>) =>
      kysely.deleteFrom("results").where("conversation_id", "=", parameter("conversationId")).where("call_id", "=", parameter("callId")),
    ),
    findResult: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string }>) =>
      kysely
        .selectFrom("results")
        .select("body")
        .where("conversation_id", "=", parameter("conversationId"))
        .where("call_id", "=", parameter("callId")),
    ),
  };
}

function indexStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertMessage: prepare(database, (parameter: Parameter<{ conversationId: string; messageId: string; seq: number }>) =>
      kysely.insertInto("messages").values({
        conversation_id: parameter("conversationId"),
        message_id: parameter("messageId"),
        seq: parameter("seq"),
      }),
    ),
    findMessage: prepare(database, (parameter: Parameter<{ conversationId: string; messageId: string }>) =>
      kysely
        .selectFrom("messages")
        .select("seq")
        .where("conversation_id", "=", parameter("conversationId"))
        .where("message_id", "=", parameter("messageId")),
    ),
    insertCall: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string; seq: number }>) =>
      kysely.insertInto("calls").values({
        conversation_id: parameter("conversationId"),
        call_id: parameter("callId"),
        seq: parameter("seq"),
      }),
    ),
    findCall: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string }>) =>
      kysely
        .selectFrom("calls")
        .innerJoin("events", (join) =>
          join.onRef("events.conversation_id", "=", "calls.conversation_id").onRef("events.seq", "=", "calls.seq"),
        )
        .select(["events.seq", "events.at", "events.type", "events.body"])
        .where("calls.conversation_id", "=", parameter("conversationId"))
        .where("calls.call_id", "=", parameter("callId")),
    ),
  };
}

function approvalStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
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
