import type { DatabaseSync } from "node:sqlite";
import type { Insertable, Kysely } from "kysely";
import type { CallRecordsTable, Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export interface OneCall {
  readonly conversationId: string;
  readonly callId: string;
}

/** The row of a new call: everything that is known later is null. */
const NEW_ROW = {
  conversation_id: null,
  assistant: null,
  customer_id: null,
  person: null,
  person_name: null,
  arguments: null,
  refusal: null,
  started_at: null,
  ended_at: null,
  duration_ms: null,
  approval: null,
  cause: null,
} as const satisfies Partial<Insertable<CallRecordsTable>>;

/** How a record comes to be: with the proposal of a call, or with a test by hand. */
export function callRecordStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertCallRecord: prepare(
      database,
      (parameter: Parameter<OneCall & { at: number; assistant: string; customerId: string; server: string; tool: string }>) =>
        kysely.insertInto("call_records").values({
          ...NEW_ROW,
          call_id: parameter("callId"),
          conversation_id: parameter("conversationId"),
          at: parameter("at"),
          assistant: parameter("assistant"),
          customer_id: parameter("customerId"),
          server: parameter("server"),
          tool: parameter("tool"),
          outcome: "waiting",
        }),
    ),
    insertTestRecord: prepare(
      database,
      (
        parameter: Parameter<{
          callId: string;
          at: number;
          assistant: string | null;
          person: string | null;
          personName: string | null;
          server: string;
          tool: string;
          arguments: string | null;
          outcome: string;
          refusal: string | null;
          startedAt: number | null;
          endedAt: number | null;
          durationMs: number | null;
          cause: string | null;
        }>,
      ) =>
        kysely.insertInto("call_records").values({
          ...NEW_ROW,
          call_id: parameter("callId"),
          at: parameter("at"),
          assistant: parameter("assistant"),
          person: parameter("person"),
          person_name: parameter("personName"),
          server: parameter("server"),
          tool: parameter("tool"),
          arguments: parameter("arguments"),
          outcome: parameter("outcome"),
          refusal: parameter("refusal"),
          started_at: parameter("startedAt"),
          ended_at: parameter("endedAt"),
          duration_ms: parameter("durationMs"),
          cause: parameter("cause"),
        }),
    ),
  };
}

/**
 * What the later events of a call do to its record. A call without one (a tool of our own) is looked for and not found.
 */
export function callChangeStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const ofCall = (parameter: Parameter<OneCall>) =>
    kysely
      .updateTable("call_records")
      .where("conversation_id", "=", parameter("conversationId"))
      .where("call_id", "=", parameter("callId"));
  return {
    setCallOutcome: prepare(database, (parameter: Parameter<OneCall & { outcome: string }>) =>
      ofCall(parameter).set({ outcome: parameter("outcome") }),
    ),
    setCallApproval: prepare(database, (parameter: Parameter<OneCall & { approval: string }>) =>
      ofCall(parameter).set({ approval: parameter("approval") }),
    ),
    setCallStarted: prepare(database, (parameter: Parameter<OneCall & { at: number }>) =>
      ofCall(parameter).set((column) => ({
        outcome: "running",
        started_at: column.fn.coalesce("started_at", column.val(parameter("at"))),
      })),
    ),
    setCallEnded: prepare(
      database,
      (
        parameter: Parameter<
          OneCall & { at: number; outcome: string; refusal: string | null; durationMs: number | null; cause: string | null }
        >,
      ) =>
        ofCall(parameter).set({
          outcome: parameter("outcome"),
          refusal: parameter("refusal"),
          ended_at: parameter("at"),
          duration_ms: parameter("durationMs"),
          cause: parameter("cause"),
        }),
    ),
  };
}
