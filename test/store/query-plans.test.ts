import { join } from "node:path";
import { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabaseFile } from "../../server/store/database-file.ts";
import { nodeSqliteDialect } from "../../server/store/dialect.ts";
import { migrate } from "../../server/store/migrate.ts";
import type { Schema } from "../../server/store/schema.ts";
import { prepareStatements, type Statements } from "../../server/store/statements.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("every query finds its rows by an index, so that its cost does not grow with the journal", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: ReturnType<typeof openDatabaseFile>;
  let statements: Statements;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const path = join(folder.path, "frontdesk.db");
    database = openDatabaseFile(path);
    const kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) });
    await migrate(kysely, path);
    statements = prepareStatements(database, kysely);
  });
  afterAll(async () => {
    database.close();
    await folder.remove();
  });

  test("without a scan and without sorting", () => {
    const faults: string[] = [];
    for (const [name, { sql }] of Object.entries(statements))
      for (const { detail } of database.prepare(`explain query plan ${sql}`).all())
        if (!/^SEARCH .* USING .*INDEX/.test(String(detail))) faults.push(`${name}: ${String(detail)}`);
    expect(faults).toEqual([]);
    expect(Object.keys(statements).length).toBeGreaterThan(15);
  });
});
