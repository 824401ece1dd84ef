import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { CompiledQuery } from "kysely";

/** A place in a query for the argument `name`, in the argument's type. */
export type Parameter<Arguments> = <Name extends keyof Arguments & string>(name: Name) => Arguments[Name];

/**
 * A query that was typed and compiled by Kysely once, and that SQLite runs any number of times: compiling costs more
 * than running.
 */
export interface Statement<Arguments, Row> {
  readonly sql: string;
  /** The first row. */
  get(values: Arguments): Row | undefined;
  all(values: Arguments): readonly Row[];
  /** Row by row, for whoever does not know beforehand how many they want. */
  iterate(values: Arguments): Iterable<Row>;
  /** How many rows were changed. */
  run(values: Arguments): number;
}

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Prepares the query that `build` makes:
 *
 *     const find = prepare(database, (parameter: Parameter<{ id: string }>) =>
 *       kysely.selectFrom("conversations").selectAll().where("id", "=", parameter("id")));
 *     find.get({ id: "…" });
 */
export function prepare<Arguments extends object, Row>(
  database: DatabaseSync,
  build: (parameter: Parameter<Arguments>) => { compile(): CompiledQuery<Row> },
): Statement<Arguments, Row> {
  // Kysely does not touch values, so a placeholder can take the place of one of any type until the statement runs.
  const query = build(((name: string) => new Placeholder(name)) as unknown as Parameter<Arguments>).compile();
  const statement: StatementSync = database.prepare(query.sql);
  const bind = (values: Arguments): SQLInputValue[] =>
    query.parameters.map((parameter) =>
      parameter instanceof Placeholder ? (values as Record<string, SQLInputValue>)[parameter.name]! : (parameter as SQLInputValue),
    );
  return {
    sql: query.sql,
    get: (values) => statement.get(...bind(values)) as Row | undefined,
    all: (values) => statement.all(...bind(values)) as Row[],
    iterate: (values) => statement.iterate(...bind(values)) as Iterable<unknown> as Iterable<Row>,
    run: (values) => Number(statement.run(...bind(values)).changes),
  };
}
