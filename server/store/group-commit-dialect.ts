import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { GroupCommit } from "./group-commit.ts";

/**
 * Kysely for guests in the journal's database, such as the library that keeps staff accounts. There is one connection, so a statement that writes goes
 * through `GroupCommit` like every other write: it shares the transaction of its moment, and its promise settles once it is on disk. Reads are answered at
 * once from what is committed.
 *
 * A transaction across awaits is refused: while it lay open, every append would fall into it, and be undone with it. What has to happen together is one
 * statement (`update … where … returning`, `insert … on conflict`), or goes through `DocumentStore.write`. Turn a library's own transactions off.
 */
export function groupCommitDialect(database: DatabaseSync, commit: GroupCommit): Dialect {
  return {
    createDriver: () => groupCommitDriver(database, commit),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
}

function groupCommitDriver(database: DatabaseSync, commit: GroupCommit): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      if (query.query.kind === "SelectQueryNode") return run(database, query);
      return commit.write(() => run<Row>(database, query));
    },
    async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
      // Whole, at this moment: a statement that is read on and on would keep the log from being cut back.
      yield run(database, query);
    },
  };
  const refuse = async (): Promise<never> => {
    throw new Error("Transactions across awaits are not available in this database: use one statement, or DocumentStore.write.");
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    // Whoever opened the database closes it.
    destroy: async () => undefined,
  };
}

function run<Row>(database: DatabaseSync, { sql, parameters }: CompiledQuery): QueryResult<Row> {
  const statement = database.prepare(sql);
  const values = parameters as SQLInputValue[];
  if (statement.columns().length > 0) return { rows: statement.all(...values) as Row[] };
  const { changes, lastInsertRowid } = statement.run(...values);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}
