import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { ResultViewName } from "../../conversation/ports/store.ts";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** What readers of large results are given; deleted with the result. */
export function resultViewStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    findResultView: prepare(database, (parameter: Parameter<{ conversationId: string; callId: string; view: ResultViewName }>) =>
      kysely
        .selectFrom("result_views")
        .select("body")
        .where("conversation_id", "=", parameter("conversationId"))
        .where("call_id", "=", parameter("callId"))
        .where("view", "=", parameter("view")),
    ),
    insertResultView: prepare(
      database,
      (parameter: Parameter<{ conversationId: string; callId: string; view: ResultViewName; body: string }>) =>
        kysely
          .insertInto("result_views")
          .values({
            conversation_id: parameter("conversationId"),
            call_id: parameter("callId"),
            view: parameter("view"),
            body: parameter("body"),
          })
          .onConflict((conflict) => conflict.doNothing()),
    ),
  };
}
