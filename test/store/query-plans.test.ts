import { join } from "node:path";
import { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditQuery, callsQuery } from "../../server/store/sqlite/activity-lists.ts";
import { customerDataStatements } from "../../server/store/sqlite/customer-data-statements.ts";
import { idsQuery } from "../../server/store/sqlite/document-statements.ts";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { nodeSqliteDialect } from "../../server/store/sqlite/dialect.ts";
import { migrate } from "../../server/store/sqlite/migrate.ts";
import type { Schema } from "../../server/store/schema.ts";
import { prepareStatements, type Statements } from "../../server/store/sqlite/statements.ts";
import { dueQuery } from "../../server/store/sqlite/sqlite-notices.ts";
import { waitingQuery } from "../../server/store/sqlite/waiting-approval-list.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("every query finds its rows by an index, so that its cost does not grow with the journal", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: ReturnType<typeof openDatabaseFile>;
  let kysely: Kysely<Schema>;
  let statements: Statements;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const path = join(folder.path, "frontdesk.db");
    database = openDatabaseFile(path);
    kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) });
    await migrate(kysely, path);
    statements = prepareStatements(database, kysely);
  });
  afterAll(async () => {
    database.close();
    await folder.remove();
  });

  const plan = (sql: string): readonly string[] =>
    database
      .prepare(`explain query plan ${sql}`)
      .all()
      .map(({ detail }) => String(detail));

  test("without a scan and without sorting", () => {
    const faults: string[] = [];
    for (const [name, { sql }] of Object.entries(statements))
      for (const detail of plan(sql)) if (!/^SEARCH .* USING .*(INDEX|PRIMARY KEY)/.test(detail)) faults.push(`${name}: ${detail}`);
    // The sums of a span: they read what they sum up, whatever it is grouped by.
    const summed = /^(readCounts|readTimes|publishedUsage): USE TEMP B-TREE FOR GROUP BY$/;
    expect(faults.filter((fault) => !summed.test(fault))).toEqual([]);
    expect(Object.keys(statements).length).toBeGreaterThan(15);
  });

  test("what is old, and what is being erased: by an index, in order", () => {
    const {
      deleteSome: _some,
      deleteSomePieces: _pieces,
      deleteOldCalls: _calls,
      deleteOldAudit: _audit,
      ...own
    } = customerDataStatements(database, kysely);
    for (const [name, { sql }] of Object.entries(own))
      for (const detail of plan(sql)) expect(`${name}: ${detail}`).toMatch(/: SEARCH .* USING .*INDEX/);
  });

  test("whatever the waiting approvals are filtered by: in order, from an index that has none that ended", () => {
    for (const filter of [{}, { assistant: "shop" }, { approver: "staff" }, { assistant: "shop", approver: "staff" }] as const)
      for (const after of [{}, { after: { requestedAt: 1, approvalId: "x" } }]) {
        const details = plan(waitingQuery(kysely, { ...after, limit: 10, now: 5, filter }).sql);
        expect(details[0]).toBe("SEARCH approvals USING INDEX approvals_requested (requested_at>?)");
        for (const detail of details) expect(detail).toMatch(/^SEARCH .* USING .*INDEX/);
      }
  });

  test("deliveries that are due: in order, from an index that has none that ended, also without some targets", () => {
    for (const except of [[], ["a", "b"]])
      expect(plan(dueQuery(kysely, { now: 1, limit: 9, except }).sql)).toEqual(["SEARCH deliveries USING INDEX deliveries_due (due_at<?)"]);
  });

  test("the ids under some parents: by the index of parents", () => {
    const { sql } = idsQuery(kysely, { kind: "connector", parents: ["a", "b"], now: 1 });
    expect(plan(sql)).toEqual(["SEARCH documents USING INDEX documents_children (kind=? AND parent=?)"]);
  });

  test("whatever the audit log and the list of calls are filtered by: in order, from an index, never sorted", () => {
    const some = { from: 1, to: 9 };
    const audit = ["actor", "action", "targetKind", "targetId"].map((field) => ({ [field]: "x" }));
    const calls = ["assistant", "conversation", "customer", "server", "tool", "outcome"].map((field) => ({ [field]: "x" }));
    const queries = [
      ...[{}, some, ...audit, ...audit.map((one) => ({ ...one, ...some }))].map((filter) =>
        auditQuery(kysely, { before: 5, limit: 10, filter }),
      ),
      ...[{}, some, ...calls, { server: "x", tool: "x" }].map((filter) =>
        callsQuery(kysely, { before: { at: 5, id: 5 }, limit: 10, filter }),
      ),
    ];
    for (const { sql } of queries)
      for (const detail of plan(sql))
        // One conversation's calls are few, so they may be put in order.
        if (!(detail === "USE TEMP B-TREE FOR ORDER BY" && sql.includes('"call_records"."conversation_id" = ?')))
          expect(`${detail} in ${sql}`).toMatch(/^(SEARCH .* USING .*(INDEX|PRIMARY KEY)|MULTI-INDEX OR|INDEX|(SCALAR|REUSE) SUBQUERY)/);
  });

  test("words of the audit log are looked up in their own index", () => {
    const { sql } = auditQuery(kysely, { before: 5, limit: 10, filter: { words: "x" } });
    expect(plan(sql).some((detail) => detail.startsWith("SCAN audit_words VIRTUAL TABLE INDEX"))).toBe(true);
    expect(plan(sql).filter((detail) => detail.startsWith("SCAN ") && !detail.includes("VIRTUAL"))).toEqual([]);
  });
});
