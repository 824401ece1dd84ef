import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Kysely, Selectable } from "kysely";
import { searchText } from "../../documents/listed-by.ts";
import type {
  FirstStep,
  KeyUsage,
  LoggedPublishedCall,
  PublishedCall,
  PublishedCallFilter,
  PublishedCalls,
} from "../../inbox/published-calls.ts";
import type { PublishedCallsTable } from "../published-tables.ts";
import type { Schema } from "../schema.ts";
import { keepable } from "./call-records.ts";
import type { GroupCommit } from "./group-commit.ts";
import { publishedCallsQuery, type PublishedRow } from "./published-statements.ts";
import type { Statements } from "./statements.ts";

/** The execution log of published servers. */
export class SqlitePublishedCalls implements PublishedCalls {
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

  async record(calls: readonly PublishedCall[]): Promise<void> {
    await this.#commit.write(() => {
      for (const call of calls) this.#statements.insertPublishedCall.run(rowOf(call));
    });
  }

  async list(
    server: string,
    options: { before?: number; limit: number; filter: PublishedCallFilter },
  ): Promise<readonly LoggedPublishedCall[]> {
    const query = publishedCallsQuery(this.#kysely, server, options);
    const rows = this.#database.prepare(query.sql).all(...(query.parameters as SQLInputValue[]));
    return (rows as unknown as Selectable<PublishedCallsTable>[]).map(callOf);
  }

  async usage(server: string, { from = 0, to = Number.MAX_SAFE_INTEGER }: { from?: number; to?: number }): Promise<readonly KeyUsage[]> {
    return this.#statements.publishedUsage
      .all({ server, from, to })
      .map(({ key_id: key, key_name: keyName, calls, failed, last_at: lastAt, ...client }) => ({
        key,
        keyName,
        calls,
        failed,
        lastAt,
        ...clientOf(client),
      }))
      .toSorted((one, other) => other.lastAt - one.lastAt);
  }

  async reached(server: string, step: FirstStep, at: number): Promise<void> {
    await this.#commit.write(() => void this.#statements.insertPublishedStep.run({ server, step, at }));
  }

  async first(server: string): Promise<Readonly<Partial<Record<FirstStep, number>>>> {
    return Object.fromEntries(this.#statements.publishedSteps.all({ server }).map(({ step, at }) => [step, at]));
  }

  async forget(before: number): Promise<void> {
    await this.#commit.write(() => void this.#statements.forgetPublishedCalls.run({ before }));
  }
}

function clientOf({ client_name: name, client_version: version }: Pick<Selectable<PublishedCallsTable>, "client_name" | "client_version">) {
  return { ...(name === null ? {} : { clientName: name }), ...(version === null ? {} : { clientVersion: version }) };
}

function rowOf({
  server,
  key = "",
  keyName = "",
  tester,
  clientName,
  clientVersion,
  tool,
  result,
  outcome,
  cause,
  conversation,
  ...call
}: PublishedCall): PublishedRow {
  const said = [tool, keyName, tester?.name, clientName, call.arguments, result, cause].filter((text) => text !== undefined);
  return {
    server,
    keyId: key,
    keyName: keepable(keyName),
    clientName: clientName === undefined ? null : keepable(clientName),
    clientVersion: clientVersion === undefined ? null : keepable(clientVersion),
    tool: keepable(tool),
    arguments: keepable(call.arguments),
    result: keepable(result),
    outcome,
    cause: cause === undefined ? null : keepable(cause),
    conversationId: conversation ?? null,
    at: call.at,
    durationMs: call.durationMs,
    words: searchText(said.join("\n")),
    testerId: tester?.id ?? null,
    testerName: tester === undefined ? null : keepable(tester.name),
  };
}

function callOf(row: Selectable<PublishedCallsTable>): LoggedPublishedCall {
  return {
    id: row.id,
    server: row.server,
    ...(row.tester_id === null
      ? { key: row.key_id, keyName: row.key_name }
      : { tester: { id: row.tester_id, name: row.tester_name ?? "" } }),
    ...clientOf(row),
    tool: row.tool,
    arguments: row.arguments,
    result: row.result,
    outcome: row.outcome as PublishedCall["outcome"],
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...(row.conversation_id === null ? {} : { conversation: row.conversation_id }),
    at: row.at,
    durationMs: row.duration_ms,
  };
}
