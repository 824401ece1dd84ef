import type { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";
import type { OneCall } from "./call-record-statements.ts";
import { type Parameter, prepare } from "./statement.ts";

export interface OneCount {
  readonly assistant: string;
  readonly quarter: number;
  readonly measure: string;
  readonly subject: string;
  readonly amount: number;
}

/** Adding to what is counted. */
export function countingStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    addCount: prepare(database, (parameter: Parameter<OneCount>) =>
      kysely
        .insertInto("usage_counts")
        .values({
          assistant: parameter("assistant"),
          quarter: parameter("quarter"),
          measure: parameter("measure"),
          subject: parameter("subject"),
          amount: parameter("amount"),
        })
        .onConflict((conflict) =>
          conflict
            .columns(["assistant", "quarter", "measure", "subject"])
            .doUpdateSet({ amount: sql<number>`usage_counts.amount + excluded.amount` }),
        ),
    ),
    addTime: prepare(database, (parameter: Parameter<OneCount & { bucket: number }>) =>
      kysely
        .insertInto("usage_times")
        .values({
          assistant: parameter("assistant"),
          quarter: parameter("quarter"),
          measure: parameter("measure"),
          subject: parameter("subject"),
          bucket: parameter("bucket"),
          amount: parameter("amount"),
        })
        .onConflict((conflict) =>
          conflict
            .columns(["assistant", "quarter", "measure", "subject", "bucket"])
            .doUpdateSet({ amount: sql<number>`usage_times.amount + excluded.amount` }),
        ),
    ),
  };
}

/** Sums of what was counted. */
export function usageStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const span = (parameter: Parameter<{ assistant: string; from: number; to: number }>) => ({
    counts: kysely
      .selectFrom("usage_counts")
      .where("assistant", "=", parameter("assistant"))
      .where("quarter", ">=", parameter("from"))
      .where("quarter", "<", parameter("to")),
    times: kysely
      .selectFrom("usage_times")
      .where("assistant", "=", parameter("assistant"))
      .where("quarter", ">=", parameter("from"))
      .where("quarter", "<", parameter("to")),
  });
  return {
    readCounts: prepare(database, (parameter: Parameter<{ assistant: string; from: number; to: number }>) =>
      span(parameter)
        .counts.select(["measure", "subject"])
        .select((column) => column.fn.sum<number>("amount").as("amount"))
        .groupBy(["measure", "subject"]),
    ),
    readTimes: prepare(database, (parameter: Parameter<{ assistant: string; from: number; to: number }>) =>
      span(parameter)
        .times.select(["measure", "subject", "bucket"])
        .select((column) => column.fn.sum<number>("amount").as("amount"))
        .groupBy(["measure", "subject", "bucket"]),
    ),
    /** What a call called; a tool of our own has no record. */
    findCallTool: prepare(database, (parameter: Parameter<OneCall>) =>
      kysely
        .selectFrom("call_records")
        .select(["server", "tool"])
        .where("conversation_id", "=", parameter("conversationId"))
        .where("call_id", "=", parameter("callId")),
    ),
    /** The next key after `after`, found without reading the rows of the one before. */
    nextCounted: prepare(database, (parameter: Parameter<{ after: string }>) =>
      kysely.selectFrom("usage_counts").select("assistant").where("assistant", ">", parameter("after")).orderBy("assistant").limit(1),
    ),
  };
}

/** What customers think of answers, and what was told of budgets. */
export function feedbackStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    findFeedback: prepare(database, (parameter: Parameter<{ conversationId: string; turnId: string }>) =>
      kysely
        .selectFrom("feedback")
        .select(["rating", "at"])
        .where("conversation_id", "=", parameter("conversationId"))
        .where("turn_id", "=", parameter("turnId")),
    ),
    keepFeedback: prepare(database, (parameter: Parameter<{ conversationId: string; turnId: string; rating: string; at: number }>) =>
      kysely
        .insertInto("feedback")
        .values({
          conversation_id: parameter("conversationId"),
          turn_id: parameter("turnId"),
          rating: parameter("rating"),
          at: parameter("at"),
        })
        .onConflict((conflict) =>
          conflict.columns(["conversation_id", "turn_id"]).doUpdateSet({ rating: parameter("rating"), at: parameter("at") }),
        ),
    ),
    listRatings: prepare(database, (parameter: Parameter<{ conversationId: string }>) =>
      kysely.selectFrom("feedback").select("rating").where("conversation_id", "=", parameter("conversationId")),
    ),
    setFeedback: prepare(database, (parameter: Parameter<{ id: string; feedback: string }>) =>
      kysely
        .updateTable("conversations")
        .set({ feedback: parameter("feedback") })
        .where("id", "=", parameter("id")),
    ),
    setMetPerson: prepare(database, (parameter: Parameter<{ id: string }>) =>
      kysely.updateTable("conversations").set({ met_person: 1 }).where("id", "=", parameter("id")).where("met_person", "=", 0),
    ),
  };
}

export function budgetStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    keepNotice: prepare(
      database,
      (
        parameter: Parameter<{
          assistant: string;
          budget: string;
          periodStart: number;
          kind: string;
          at: number;
          used: number;
          most: number;
        }>,
      ) =>
        kysely
          .insertInto("budget_notices")
          .values({
            assistant: parameter("assistant"),
            budget: parameter("budget"),
            period_start: parameter("periodStart"),
            kind: parameter("kind"),
            at: parameter("at"),
            used: parameter("used"),
            most: parameter("most"),
          })
          .onConflict((conflict) => conflict.doNothing()),
    ),
    listNotices: prepare(database, (parameter: Parameter<{ since: number; limit: number }>) =>
      kysely.selectFrom("budget_notices").selectAll().where("at", ">=", parameter("since")).orderBy("at", "desc").limit(parameter("limit")),
    ),
  };
}
