import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** What was raised and not given out. */
export function raisedStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertRaised: prepare(
      database,
      (parameter: Parameter<{ at: number; conversationId: string | null; seq: number | null; body: string | null }>) =>
        kysely
          .insertInto("raised")
          .values({ at: parameter("at"), conversation_id: parameter("conversationId"), seq: parameter("seq"), body: parameter("body") }),
    ),
    listRaised: prepare(database, (parameter: Parameter<{ limit: number }>) =>
      kysely.selectFrom("raised").selectAll().where("id", ">", 0).orderBy("id").limit(parameter("limit")),
    ),
    deleteRaised: prepare(database, (parameter: Parameter<{ id: number }>) =>
      kysely.deleteFrom("raised").where("id", "=", parameter("id")),
    ),
  };
}

/** What is on its way. */
export function deliveryStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertDelivery: prepare(
      database,
      (
        parameter: Parameter<{
          id: string;
          channel: string;
          target: string;
          event: string;
          conversationId: string | null;
          body: string;
          at: number;
          dueAt: number;
        }>,
      ) =>
        kysely.insertInto("deliveries").values({
          id: parameter("id"),
          channel: parameter("channel"),
          target: parameter("target"),
          event: parameter("event"),
          conversation_id: parameter("conversationId"),
          body: parameter("body"),
          status: "waiting",
          attempts: 0,
          created_at: parameter("at"),
          due_at: parameter("dueAt"),
        }),
    ),
    attemptedDelivery: prepare(
      database,
      (parameter: Parameter<{ id: string; status: string; dueAt: number | null; endedAt: number | null; answer: string }>) =>
        kysely
          .updateTable("deliveries")
          .set((row) => ({
            status: parameter("status"),
            attempts: row("attempts", "+", 1),
            due_at: parameter("dueAt"),
            ended_at: parameter("endedAt"),
            answer: parameter("answer"),
          }))
          .where("id", "=", parameter("id"))
          .where("status", "=", "waiting"),
    ),
    againDelivery: prepare(database, (parameter: Parameter<{ id: string; at: number }>) =>
      kysely
        .updateTable("deliveries")
        .set({ status: "waiting", attempts: 0, created_at: parameter("at"), due_at: parameter("at"), ended_at: null })
        .where("id", "=", parameter("id"))
        .where("status", "!=", "waiting"),
    ),
  };
}

/** Looking at them, and deleting those that ended. */
export function deliveryListStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    findDelivery: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.selectFrom("deliveries").selectAll().where("id", "=", parameter("id")),
    ),
    nextDue: prepare(database, (parameter: Parameter<{ after: number }>) =>
      kysely.selectFrom("deliveries").select("due_at").where("due_at", ">", parameter("after")).orderBy("due_at").limit(1),
    ),
    listDeliveries: prepare(database, (parameter: Parameter<{ channel: string; target: string; before: number; limit: number }>) =>
      kysely
        .selectFrom("deliveries")
        .selectAll()
        .where("channel", "=", parameter("channel"))
        .where("target", "=", parameter("target"))
        .where("number", "<", parameter("before"))
        .orderBy("number", "desc")
        .limit(parameter("limit")),
    ),
    listEnded: prepare(database, (parameter: Parameter<{ before: number; limit: number }>) =>
      kysely
        .selectFrom("deliveries")
        .select("id")
        .where("ended_at", "<", parameter("before"))
        .orderBy("ended_at")
        .limit(parameter("limit")),
    ),
    deleteDelivery: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.deleteFrom("deliveries").where("id", "=", parameter("id")),
    ),
  };
}
