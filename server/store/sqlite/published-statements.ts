import type { DatabaseSync } from "node:sqlite";
import { type CompiledQuery, type Kysely, sql } from "kysely";
import { searchText } from "../../documents/listed-by.ts";
import type { PublishedCallFilter } from "../../inbox/published-calls.ts";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export interface PublishedRow {
  readonly server: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly clientName: string | null;
  readonly clientVersion: string | null;
  readonly tool: string;
  readonly arguments: string;
  readonly result: string;
  readonly outcome: string;
  readonly cause: string | null;
  readonly conversationId: string | null;
  readonly at: number;
  readonly durationMs: number;
  readonly words: string;
  readonly testerId: string | null;
  readonly testerName: string | null;
}

export function publishedStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertPublishedCall: prepare(database, (parameter: Parameter<PublishedRow>) =>
      kysely.insertInto("published_calls").values({
        server: parameter("server"),
        key_id: parameter("keyId"),
        key_name: parameter("keyName"),
        client_name: parameter("clientName"),
        client_version: parameter("clientVersion"),
        tool: parameter("tool"),
        arguments: parameter("arguments"),
        result: parameter("result"),
        outcome: parameter("outcome"),
        cause: parameter("cause"),
        conversation_id: parameter("conversationId"),
        at: parameter("at"),
        duration_ms: parameter("durationMs"),
        words: parameter("words"),
        tester_id: parameter("testerId"),
        tester_name: parameter("testerName"),
      }),
    ),
    insertPublishedStep: prepare(database, (parameter: Parameter<{ server: string; step: string; at: number }>) =>
      kysely
        .insertInto("published_steps")
        .values({ server: parameter("server"), step: parameter("step"), at: parameter("at") })
        .onConflict((conflict) => conflict.columns(["server", "step"]).doNothing()),
    ),
    publishedSteps: prepare(database, (parameter: Parameter<{ server: string }>) =>
      kysely.selectFrom("published_steps").select(["step", "at"]).where("server", "=", parameter("server")),
    ),
    publishedUsage: prepare(database, (parameter: Parameter<{ server: string; from: number; to: number }>) =>
      kysely
        .selectFrom("published_calls")
        .select((column) => [
          "key_id",
          column.fn.countAll<number>().as("calls"),
          sql<number>`sum(outcome <> 'ok')`.as("failed"),
          column.fn.max<number>("at").as("last_at"),
          // Of the row that has the greatest time, as SQLite takes bare columns.
          "key_name",
          "client_name",
          "client_version",
        ])
        .where("server", "=", parameter("server"))
        .where("at", ">=", parameter("from"))
        .where("at", "<", parameter("to"))
        .where("tester_id", "is", null)
        .groupBy("key_id"),
    ),
    forgetPublishedCalls: prepare(database, (parameter: Parameter<{ before: number }>) =>
      kysely.deleteFrom("published_calls").where("at", "<", parameter("before")),
    ),
  };
}

/** Newest first. Which columns are asked for differs, so each combination is compiled when it is asked for. */
export function publishedCallsQuery(
  kysely: Kysely<Schema>,
  server: string,
  { before, limit, filter }: { before?: number; limit: number; filter: PublishedCallFilter },
): CompiledQuery {
  let query = kysely.selectFrom("published_calls").selectAll().where("server", "=", server).orderBy("id", "desc").limit(limit);
  if (before !== undefined) query = query.where("id", "<", before);
  if (filter.tests !== undefined) query = query.where("tester_id", filter.tests ? "is not" : "is", null);
  if (filter.key !== undefined) query = query.where("key_id", "=", filter.key);
  if (filter.tool !== undefined) query = query.where("tool", "=", filter.tool);
  if (filter.outcome !== undefined) query = query.where("outcome", "=", filter.outcome);
  if (filter.from !== undefined) query = query.where("at", ">=", filter.from);
  if (filter.to !== undefined) query = query.where("at", "<", filter.to);
  if (filter.q !== undefined) query = query.where(sql<boolean>`instr(words, ${searchText(filter.q)}) > 0`);
  return query.compile();
}
