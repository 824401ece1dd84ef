import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** Whatever belongs to one conversation and is deleted as it is. Those that have to be read first are not among them. */
export const OF_CONVERSATION = [
  "result_views",
  "results",
  "events",
  "messages",
  "grants",
  "call_records",
  "inbox_marks",
  "inbox_seen",
  "raised",
  "deliveries",
  "feedback",
  "recordings",
] as const;

const ROWS_OF_A_PIECE = 100;

type Page = { conversationId: string; limit: number };

/** Reading what is old, and deleting it. */
export function customerDataStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const old = (table: "call_records" | "audit") => {
    const statement = database.prepare(`delete from ${table} where id in (select id from ${table} where at < ? order by at limit ?)`);
    return (...values: SQLInputValue[]): number => Number(statement.run(...values).changes);
  };
  const deleteSomePieces = deletingPieces(database);
  return {
    deleteSome: [deleteSomePieces, ...OF_CONVERSATION.map((table) => deleting(database, table))],
    deleteSomePieces,
    deleteOldCalls: old("call_records"),
    deleteOldAudit: old("audit"),
    conversationsOf: prepare(database, (parameter: Parameter<{ customerId: string; after: string; limit: number }>) =>
      kysely
        .selectFrom("conversations")
        .select("id")
        .where("customer_id", "=", parameter("customerId"))
        .where("id", ">", parameter("after"))
        .where("erasing_at", "is", null)
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    beginErasing: prepare(database, (parameter: Parameter<{ id: string; at: number }>) =>
      kysely
        .updateTable("conversations")
        .set({ erasing_at: parameter("at"), lease_holder: null, lease_until: null, due_at: null, fence: sql`fence + 1` })
        .where("id", "=", parameter("id")),
    ),
    // No list of the staff has it from now on.
    leaveInbox: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.deleteFrom("inbox").where("conversation_id", "=", parameter("id")),
    ),
    listErasing: prepare(database, (parameter: Parameter<{ limit: number }>) =>
      kysely
        .selectFrom("conversations")
        .select("id")
        .where("erasing_at", ">=", 0)
        .orderBy("erasing_at")
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    deleteConversation: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.deleteFrom("conversations").where("id", "=", parameter("id")),
    ),
    forgetAudit: prepare(database, (parameter: Parameter<{ target: string }>) =>
      kysely
        .updateTable("audit")
        .set({ before_body: null, after_body: null })
        .where("target_id", "=", parameter("target"))
        .where((where) => where.or([where("before_body", "is not", null), where("after_body", "is not", null)])),
    ),
    ...aboutCalls(database, kysely),
    ...aboutAge(database, kysely),
    ...aboutStripping(database, kysely),
    ...everything(database, kysely),
  };
}

function deleting(database: DatabaseSync, table: (typeof OF_CONVERSATION)[number]): (page: Page) => number {
  const statement = database.prepare(`delete from ${table} where rowid in (select rowid from ${table} where conversation_id = ? limit ?)`);
  return ({ conversationId, limit }) => Number(statement.run(conversationId, limit).changes);
}

/** Pieces of recordings: each is as large as some hundred rows of any other kind. */
function deletingPieces(database: DatabaseSync): (page: Page) => number {
  const statement = database.prepare(
    "delete from recording_pieces where rowid in (select rowid from recording_pieces where conversation_id = ? limit ?)",
  );
  return ({ conversationId, limit }) => Number(statement.run(conversationId, Math.ceil(limit / ROWS_OF_A_PIECE)).changes);
}

function aboutCalls(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    someApprovals: prepare(database, (parameter: Parameter<Page>) =>
      kysely
        .selectFrom("approvals")
        .select("approval_id as id")
        .where("conversation_id", "=", parameter("conversationId"))
        .limit(parameter("limit")),
    ),
    deleteApproval: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.deleteFrom("approvals").where("approval_id", "=", parameter("id")),
    ),
    someCalls: prepare(database, (parameter: Parameter<Page>) =>
      kysely
        .selectFrom("calls")
        .select("call_id as id")
        .where("conversation_id", "=", parameter("conversationId"))
        .limit(parameter("limit")),
    ),
    deleteCall: prepare(database, (parameter: Parameter<{ conversationId: string; id: string }>) =>
      kysely.deleteFrom("calls").where("conversation_id", "=", parameter("conversationId")).where("call_id", "=", parameter("id")),
    ),
    forgetCause: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string }>) =>
      kysely
        .updateTable("call_records")
        .set({ cause: null })
        .where("conversation_id", "=", parameter("conversationId"))
        .where("call_id", "=", parameter("callId")),
    ),
    deleteDeliveries: prepare(database, (parameter: Parameter<{ conversationId: string }>) =>
      kysely.deleteFrom("deliveries").where("conversation_id", "=", parameter("conversationId")),
    ),
    deleteRecordings: prepare(database, (parameter: Parameter<{ conversationId: string }>) =>
      kysely.deleteFrom("recordings").where("conversation_id", "=", parameter("conversationId")),
    ),
    deleteResultViews: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string }>) =>
      kysely
        .deleteFrom("result_views")
        .where("conversation_id", "=", parameter("conversationId"))
        .where("call_id", "=", parameter("callId")),
    ),
  };
}

function aboutAge(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    listOlder: prepare(
      database,
      (parameter: Parameter<{ assistant: string; before: number; afterAt: number; afterId: string; limit: number }>) =>
        kysely
          .selectFrom("conversations")
          .select([
            "id",
            "updated_at as updatedAt",
            "last_seq as lastSeq",
            "open_seq as openSeq",
            "results_from as resultsFrom",
            "traces_from as tracesFrom",
          ])
          .where("assistant", "=", parameter("assistant"))
          .where("updated_at", "<", parameter("before"))
          .where("updated_at", ">=", parameter("afterAt"))
          .where((where) => where.or([where("updated_at", ">", parameter("afterAt")), where("id", ">", parameter("afterId"))]))
          .where("erasing_at", "is", null)
          .orderBy("updated_at")
          .orderBy("id")
          .limit(parameter("limit")),
    ),
    countOlder: prepare(database, (parameter: Parameter<{ assistant: string; before: number }>) =>
      kysely
        .selectFrom("conversations")
        .select(({ fn }) => fn.countAll<number>().as("found"))
        .where("assistant", "=", parameter("assistant"))
        .where("updated_at", "<", parameter("before"))
        .where("erasing_at", "is", null),
    ),
    countOldCalls: prepare(database, (parameter: Parameter<{ before: number }>) =>
      kysely
        .selectFrom("call_records")
        .select(({ fn }) => fn.countAll<number>().as("found"))
        .where("at", "<", parameter("before")),
    ),
    countOldAudit: prepare(database, (parameter: Parameter<{ before: number }>) =>
      kysely
        .selectFrom("audit")
        .select(({ fn }) => fn.countAll<number>().as("found"))
        .where("at", "<", parameter("before")),
    ),
  };
}

function aboutStripping(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    changeEvent: prepare(database, (parameter: Parameter<{ conversationId: string; seq: number; body: string }>) =>
      kysely
        .updateTable("events")
        .set({ body: parameter("body") })
        .where("conversation_id", "=", parameter("conversationId"))
        .where("seq", "=", parameter("seq")),
    ),
    moveResultsFrom: prepare(database, (parameter: Parameter<{ id: string; from: number }>) =>
      kysely
        .updateTable("conversations")
        .set({ results_from: parameter("from") })
        .where("id", "=", parameter("id")),
    ),
    moveTracesFrom: prepare(database, (parameter: Parameter<{ id: string; from: number }>) =>
      kysely
        .updateTable("conversations")
        .set({ traces_from: parameter("from") })
        .where("id", "=", parameter("id")),
    ),
  };
}

function everything(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    listAll: prepare(database, (parameter: Parameter<{ after: string; limit: number }>) =>
      kysely
        .selectFrom("conversations")
        .select(["id", "customer_id as customerId"])
        .where("id", ">", parameter("after"))
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    nextAssistant: prepare(database, (parameter: Parameter<{ after: string }>) =>
      kysely
        .selectFrom("conversations")
        .select("assistant")
        .where("assistant", ">", parameter("after"))
        .where("erasing_at", "is", null)
        .orderBy("assistant")
        .limit(1),
    ),
  };
}
