import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** Journals, and the results beside them. */
export function eventStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
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

/** Events of some types alone: the bodies of all others stay unread. */
export function eventsByTypeStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const page = kysely.selectFrom("events").select(["seq", "at", "type", "body"]);
  return {
    readTurns: prepare(database, (parameter: Parameter<{ conversationId: string; limit: number }>) =>
      page
        .where("conversation_id", "=", parameter("conversationId"))
        .where("type", "in", ["turn-started", "turn-ended", "retry-requested"])
        .orderBy("seq", "desc")
        .limit(parameter("limit")),
    ),
    readRequests: prepare(database, (parameter: Parameter<{ conversationId: string; from: number }>) =>
      page
        .where("conversation_id", "=", parameter("conversationId"))
        .where("seq", ">=", parameter("from"))
        .where("type", "in", ["connection-requested", "connection-decided", "input-requested", "input-decided"])
        .orderBy("seq"),
    ),
  };
}

/** Where a message and a call are in their journal. */
export function indexStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
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
        edited_seq: null,
      }),
    ),
    setCallEdited: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string; seq: number }>) =>
      kysely
        .updateTable("calls")
        .set({ edited_seq: parameter("seq") })
        .where("conversation_id", "=", parameter("conversationId"))
        .where("call_id", "=", parameter("callId")),
    ),
    findEdit: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string }>) =>
      kysely
        .selectFrom("calls")
        .innerJoin("events", (join) =>
          join.onRef("events.conversation_id", "=", "calls.conversation_id").onRef("events.seq", "=", "calls.edited_seq"),
        )
        .select(["events.seq", "events.at", "events.type", "events.body"])
        .where("calls.conversation_id", "=", parameter("conversationId"))
        .where("calls.call_id", "=", parameter("callId")),
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
