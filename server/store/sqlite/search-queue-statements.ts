import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** Texts that the search has yet to read. */
export function searchQueueStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    queueText: prepare(database, (parameter: Parameter<{ id: string; seq: number }>) =>
      kysely.insertInto("search_queue").values({ conversation_id: parameter("id"), seq: parameter("seq") }),
    ),
    queuedTexts: prepare(database, (parameter: Parameter<{ limit: number }>) =>
      kysely
        .selectFrom("search_queue")
        .select(["id", "conversation_id as conversationId", "seq"])
        .where("id", ">", 0)
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    countQueued: prepare(database, () =>
      kysely
        .selectFrom("search_queue")
        .select(({ fn }) => fn.countAll<number>().as("waiting"))
        .where("id", ">", 0),
    ),
    textsRead: prepare(database, (parameter: Parameter<{ throughId: number }>) =>
      kysely.deleteFrom("search_queue").where("id", "<=", parameter("throughId")),
    ),
    conversationsAfter: prepare(database, (parameter: Parameter<{ after: string; limit: number }>) =>
      kysely
        .selectFrom("inbox")
        .select("conversation_id as id")
        .where("conversation_id", ">", parameter("after"))
        .orderBy("conversation_id")
        .limit(parameter("limit")),
    ),
    countConversationsAfter: prepare(database, (parameter: Parameter<{ after: string }>) =>
      kysely
        .selectFrom("inbox")
        .select(({ fn }) => fn.countAll<number>().as("left"))
        .where("conversation_id", ">", parameter("after")),
    ),
  };
}
