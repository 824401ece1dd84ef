import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Kysely } from "kysely";
import type { AuditDraft } from "../../documents/ports.ts";
import type { CallFilter, CallList, CallRecord } from "../../inbox/calls.ts";
import type { Schema } from "../schema.ts";
import { callsQuery, cursorOf, placeOf } from "./activity-lists.ts";
import { keepable } from "./call-records.ts";
import { writeAudit } from "./document-changes.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Statements } from "./statements.ts";
import { callRecordOf, type CallRow } from "./stored-documents.ts";

/**
 * The calls of all conversations, and tests by hand. Which columns are asked for differs, so each combination is
 * compiled when it is asked for.
 */
export class SqliteCallList implements CallList {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;
  readonly #statements: Statements;
  readonly #commit: GroupCommit;

  constructor(ports: { database: DatabaseSync; kysely: Kysely<Schema>; statements: Statements; commit: GroupCommit }) {
    this.#database = ports.database;
    this.#kysely = ports.kysely;
    this.#statements = ports.statements;
    this.#commit = ports.commit;
  }

  async listCalls({ before, limit, filter }: { before?: string; limit: number; filter: CallFilter }): Promise<readonly CallRecord[]> {
    const place = before === undefined ? undefined : placeOf(before);
    // Nothing follows a text that is not a place in the list.
    if (before !== undefined && place === undefined) return [];
    const { sql, parameters } = callsQuery(this.#kysely, { ...(place === undefined ? {} : { before: place }), limit, filter });
    const rows = this.#database.prepare(sql).all(...(parameters as SQLInputValue[])) as CallRow[];
    return rows.map((row) => callRecordOf(row, cursorOf(row)));
  }

  async recordTest(call: Omit<CallRecord, "cursor">, audit: readonly AuditDraft[] = []): Promise<void> {
    await this.#commit.write(() => {
      this.#statements.insertTestRecord.run({
        callId: call.callId,
        at: Math.trunc(call.at),
        assistant: call.assistant ?? null,
        person: call.person ?? null,
        personName: call.personName ?? null,
        server: keepable(call.server),
        tool: keepable(call.tool),
        arguments: call.arguments === undefined ? null : JSON.stringify(call.arguments),
        outcome: call.outcome,
        refusal: call.refusal ?? null,
        startedAt: call.startedAt ?? null,
        endedAt: call.endedAt ?? null,
        durationMs: call.durationMs ?? null,
        cause: call.cause === undefined ? null : keepable(call.cause),
      });
      writeAudit(this.#statements, audit, call.endedAt ?? call.at);
    });
  }
}
