import { join } from "node:path";
import { Kysely } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INBOX_VIEWS, type InboxFilter } from "../../server/inbox/inbox.ts";
import type { Schema } from "../../server/store/schema.ts";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { nodeSqliteDialect } from "../../server/store/sqlite/dialect.ts";
import { inboxAmongQuery, inboxCountQuery, inboxIdsQuery, inboxRowsQuery, markedQuery } from "../../server/store/sqlite/inbox-queries.ts";
import { migrate } from "../../server/store/sqlite/migrate.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { inboxContract, type OpenedInbox } from "../contract/inbox.ts";
import { inboxMarksContract } from "../contract/inbox-marks.ts";
import { temporaryFolder } from "./temporary-folder.ts";

inboxContract("SQLite", open);
inboxMarksContract("SQLite", open);

async function open(): Promise<OpenedInbox> {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  return {
    store,
    inbox: store.inbox,
    audit: () => store.documents.listAudit({ limit: 100, filter: {} }),
    async cleanup() {
      await store.close();
      await folder.remove();
    },
  };
}

const MEMBER = { id: "anna", groups: ["refunds"] };
const FILTERS: readonly InboxFilter[] = [
  {},
  { assistant: "shop" },
  { customer: "customer-1" },
  { language: "de" },
  { page: "/cart" },
  { tool: "orders/refund" },
  { outcome: "failed" },
  { tag: "vip" },
  { feedback: "down" },
  { assignee: "nobody" },
  { assignee: { kind: "person", id: "ben" } },
  { priority: "high" },
  { from: 1, to: 9 },
  { assistant: "shop", language: "de", tag: "vip", priority: "high", from: 1 },
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: ReturnType<typeof openDatabaseFile>;
let kysely: Kysely<Schema>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, "frontdesk.db");
  database = openDatabaseFile(path);
  kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) });
  await migrate(kysely, path);
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

for (const view of INBOX_VIEWS)
  test(`the view ${view} is read from its own index in the order of the list, whatever it is filtered by`, () => {
    for (const filter of FILTERS)
      for (const after of [{}, { after: { activeAt: 5, id: "x" } }]) {
        const { sql } = inboxIdsQuery({ view, filter, member: MEMBER, limit: 50, now: 10, ...after }).compile(kysely);
        const [first, ...rest] = plan(sql);
        const index = `inbox_${view === "mine" ? "assigned" : view}`;
        expect(first).toMatch(new RegExp(`^(SCAN|SEARCH) i USING (COVERING )?INDEX ${index}\\b`));
        // What is given to one member and their groups is put in order: it is what they can have in hand.
        for (const detail of rest)
          if (!(view === "mine" && detail === "USE TEMP B-TREE FOR ORDER BY"))
            expect(`${detail} in ${sql}`).toMatch(
              /^(SEARCH x (EXISTS )?USING COVERING INDEX sqlite_autoindex_inbox_marks_1|CORRELATED SCALAR SUBQUERY)/,
            );
      }
  });

test("a rare mark is looked up, and its conversations are looked at one by one", () => {
  const { sql } = inboxIdsQuery({ view: "open", filter: { tag: "vip" }, member: MEMBER, limit: 50, now: 10, mark: "tag:vip" }).compile(
    kysely,
  );
  expect(plan(sql)).toEqual([
    "SEARCH m USING COVERING INDEX sqlite_autoindex_inbox_marks_1 (mark=?)",
    "SEARCH i USING INDEX sqlite_autoindex_inbox_1 (conversation_id=?)",
    "USE TEMP B-TREE FOR ORDER BY",
  ]);
  expect(plan(markedQuery(kysely, "tag:vip", 9).sql)).toEqual([
    "SEARCH inbox_marks USING COVERING INDEX sqlite_autoindex_inbox_marks_1 (mark=?)",
  ]);
});

test("what is shown of a page is looked up by the ids of its conversations alone", () => {
  for (const sql of [
    inboxRowsQuery(kysely, ["a"], "anna").sql,
    inboxAmongQuery({ ids: ["a"], view: "open", filter: { tag: "vip" }, member: MEMBER, now: 1 }).compile(kysely).sql,
  ])
    for (const detail of plan(sql))
      expect(detail).toMatch(/^(SCAN wanted VIRTUAL TABLE|SEARCH .* USING .*INDEX|CORRELATED SCALAR SUBQUERY)/);
});

test("counting reads a view's index and goes no further than its limit", () => {
  for (const view of INBOX_VIEWS) {
    const details = plan(inboxCountQuery(kysely, { view, member: MEMBER, now: 1 }).sql);
    expect(details.some((detail) => new RegExp(`^(SCAN|SEARCH) i USING (COVERING )?INDEX inbox_`).test(detail))).toBe(true);
    for (const detail of details)
      expect(detail).toMatch(
        /^(CO-ROUTINE newest|MATERIALIZE newest|SCAN newest|(SCAN|SEARCH) [is] USING .*INDEX|USE TEMP B-TREE FOR ORDER BY)/,
      );
  }
});
