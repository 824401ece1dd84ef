import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, onTestFinished, test } from "vitest";
import { MIGRATIONS } from "../../server/store/migrations/index.ts";
import { nodeSqliteDialect } from "../../server/store/sqlite/dialect.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, CONVERSATION, message, proposed, TURN } from "../contract/store-drafts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A database as a version left it whose last migration was `last`, with what `write` put there. */
async function databaseAt(last: string, write: (database: DatabaseSync) => void): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const path = join(folder.path, "frontdesk.db");
  const database = new DatabaseSync(path);
  const kysely = new Kysely<unknown>({ dialect: nodeSqliteDialect(database) });
  const provider = { getMigrations: async () => ({ ...MIGRATIONS }) };
  const { error } = await new Migrator({ db: kysely, provider, disableTransactions: true }).migrateTo(last);
  expect(error).toBeUndefined();
  write(database);
  database.close();
  return path;
}

async function openAt(last: string, write: (database: DatabaseSync) => void) {
  const store = await openSqliteStore({ path: await databaseAt(last, write) });
  onTestFinished(() => store.close());
  return store;
}

function insertConversation(database: DatabaseSync, ...events: readonly { readonly type: string }[]): void {
  database
    .prepare("insert into conversations values (?, 'shop', 'customer-1', 1, 1, ?, 1, 0, null, null, 0, null, 0)")
    .run(CONVERSATION, events.length);
  for (const [index, { type, ...body }] of events.entries())
    database.prepare("insert into events values (?, ?, ?, ?, ?)").run(CONVERSATION, index + 1, index + 10, type, JSON.stringify(body));
}

test("an answer that was written as `input-answered` is read as what all decisions are called", async () => {
  const by = { kind: "customer", id: "customer-1" } as const;
  const answer = { turnId: TURN, callId: "call-0001", requestId: "request-1", action: "accept", content: { seats: 2 }, by };
  const store = await openAt("0004-names-of-testers", (database) =>
    insertConversation(database, message("message-1"), { type: "input-answered", ...answer }),
  );
  expect((await store.readFrom(CONVERSATION, 2, 10))[0]).toEqual({ ...answer, type: "input-decided", seq: 2, at: 11 });
});

test("an approval that waited before there was a list of them is in it", async () => {
  const store = await openAt("0004-names-of-testers", (database) => {
    insertConversation(
      database,
      message("message-1"),
      proposed("call-0001"),
      approvalRequested("approval-1", "call-0001"),
      approvalRequested("approval-2", "call-0001"),
    );
    database.prepare("insert into calls values (?, 'call-0001', 2)").run(CONVERSATION);
    for (const [id, status] of [
      ["approval-1", "rejected"],
      ["approval-2", "waiting"],
    ] as const)
      database
        .prepare("insert into approvals values (?, ?, 'call-0001', ?, ?, 'staff', 'arguments-1', null, 1, 1000)")
        .run(CONVERSATION, id, TURN, status);
  });
  expect(await store.waitingApprovals.listWaiting({ limit: 10, now: 20, filter: {} })).toMatchObject([
    { approvalId: "approval-2", requestedAt: 13, arguments: { order: "1042" } },
  ]);
});

test("the audit log of an earlier release is found by its words, and its order is by time", async () => {
  const store = await openAt("0007-result-views", (database) => {
    const insert = database.prepare(
      "insert into audit (at, actor_kind, actor_id, actor_name, action, target_kind, target_id, before_body, after_body) values (?, 'person', 'ada', 'Ada', 'assistant.update', 'assistant', 'shop', ?, ?)",
    );
    insert.run(2, JSON.stringify({ prompt: "Be kind.\nGreet" }), JSON.stringify({ prompt: "Be brief." }));
    insert.run(1, null, null);
  });
  const found = async (words: string) => (await store.documents.listAudit({ limit: 9, filter: { words } })).map(({ at }) => at);
  expect(await found("ada")).toEqual([2, 1]);
  expect(await found("greet")).toEqual([2]);
});

test("documents that were there before lists were searched are found by name and owner", async () => {
  const store = await openAt("0007-result-views", (database) => {
    const insert = database.prepare("insert into documents values (?, ?, 1, null, ?, 1, 1, null)");
    for (let number = 0; number < 501; number += 1)
      insert.run(
        "assistant",
        `shop_${String(number).padStart(3, "0")}`,
        JSON.stringify({ owner: { kind: "person", id: "olive" }, settings: { name: `Ärzte ${number}` } }),
      );
    insert.run("person", "ada", JSON.stringify({ name: "Ada", email: "ada@desk.example" }));
    insert.run("group", "broken", "5");
  });
  const { documents } = store;
  const ids = async (...[kind, options]: [Parameters<typeof documents.list>[0], object]) =>
    (await documents.list(kind, { limit: 10, now: 1, ...options })).map(({ id }) => id);
  expect(await ids("assistant", { q: "ÄRZTE 500", owner: "person/olive" })).toEqual(["shop_500"]);
  expect(await ids("person", { q: "DESK" })).toEqual(["ada"]);
  expect(await ids("group", { q: "" })).toEqual(["broken"]);
});
