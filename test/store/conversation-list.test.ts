import { join } from "node:path";
import { Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import type { ConversationFilter } from "../../server/inbox/conversations.ts";
import { conversationsQuery, countQueries } from "../../server/store/sqlite/conversation-list.ts";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { nodeSqliteDialect } from "../../server/store/sqlite/dialect.ts";
import type { Schema } from "../../server/store/schema.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, decided, message, proposed } from "../contract/store-drafts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function openStore() {
  const folder = await temporaryFolder();
  const path = join(folder.path, "frontdesk.db");
  const store = await openSqliteStore({ path });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const begin = (id: string, at: number, assistant: string, customerId: string) =>
    store.append({ conversationId: id, at, create: { assistant, customerId }, events: [message(`message-${id}`)] });
  return { store, begin, path };
}

test("conversations are listed newest first, page by page, as they are filtered", async () => {
  const { store, begin } = await openStore();
  await begin("conversation-a", 1, "shop", "customer-1");
  await begin("conversation-b", 2, "shop", "customer-2");
  await begin("conversation-c", 2, "help", "customer-1");
  await store.append({ conversationId: "conversation-a", at: 9, events: [message("message-2")] });
  const ids = async (filter: ConversationFilter, after?: { createdAt: number; id: string }, limit = 10) =>
    (await store.conversations.listConversations({ filter, limit, ...(after === undefined ? {} : { after }) }))
      .map(({ id }) => id.slice(-1))
      .join("");
  expect(await ids({})).toBe("cba");
  expect(await ids({}, undefined, 1)).toBe("c");
  expect(await ids({}, { createdAt: 2, id: "conversation-c" })).toBe("ba");
  expect(await ids({}, { createdAt: 2, id: "conversation-b" })).toBe("a");
  expect([await ids({ assistant: "shop" }), await ids({ customer: "customer-1" }), await ids({ from: 2 }), await ids({ to: 2 })]).toEqual([
    "ba",
    "ca",
    "cb",
    "a",
  ]);
  expect(await store.conversations.findSummary("conversation-a")).toEqual({
    id: "conversation-a",
    assistant: "shop",
    customer: "customer-1",
    createdAt: 1,
    updatedAt: 9,
    events: 2,
    waitingApprovals: 0,
    preview: false,
  });
  expect(await store.conversations.findSummary("conversation-z")).toBeUndefined();
});

test("what waits for staff is counted, until it is decided", async () => {
  const { store, begin } = await openStore();
  for (const [id, approver] of [
    ["conversation-a", "staff"],
    ["conversation-b", "customer"],
    ["conversation-c", "either"],
  ] as const) {
    await begin(id, 1, "shop", "customer-1");
    await store.append({
      conversationId: id,
      at: 2,
      events: [proposed("call-0001"), approvalRequested(`approval-${id}`, "call-0001", { approver })],
    });
  }
  const waiting = async () =>
    (await store.conversations.listConversations({ filter: { waiting: true }, limit: 10 })).map(({ id, waitingApprovals }) => [
      id,
      waitingApprovals,
    ]);
  expect(await waiting()).toEqual([
    ["conversation-c", 1],
    ["conversation-a", 1],
  ]);
  await store.append({ conversationId: "conversation-c", at: 3, events: [decided("approval-conversation-c", "call-0001")] });
  expect(await waiting()).toEqual([["conversation-a", 1]]);
});

test("conversations in previews are in a list of their own, and are found by their id", async () => {
  const { store, begin } = await openStore();
  await begin("conversation-a", 1, "shop", "customer-1");
  const create = { assistant: "shop", customerId: "customer-1", preview: "preview-1" };
  await store.append({ conversationId: "conversation-b", at: 2, create, events: [message("message-b")] });
  const ids = async (filter: ConversationFilter) => (await store.conversations.listConversations({ filter, limit: 9 })).map(({ id }) => id);
  expect(await ids({})).toEqual(["conversation-a"]);
  expect(await ids({ assistant: "shop", preview: false })).toEqual(["conversation-a"]);
  expect(await ids({ preview: true })).toEqual(["conversation-b"]);
  expect(await store.conversations.findSummary("conversation-b")).toMatchObject({ assistant: "shop", preview: true });
});

test("what hangs on an assistant is counted without previews and without looking at every conversation of others", async () => {
  const { store, begin, path } = await openStore();
  const counts = (now: number) => store.conversations.countConversations("shop", now);
  expect(await counts(5)).toEqual({ total: 0, open: 0, waitingForApproval: 0 });
  for (const id of ["conversation-a", "conversation-b", "conversation-c"]) await begin(id, 1, "shop", "customer-1");
  await begin("conversation-d", 1, "help", "customer-1");
  const preview = { assistant: "shop", customerId: "customer-1", preview: "preview-1" };
  await store.append({ conversationId: "conversation-e", at: 90, create: preview, events: [message("message-e")] });
  const { lease } = (await store.acquireLease({ conversationId: "conversation-a", holder: "node-1", now: 2, untilMs: 9 }))!;
  await store.releaseLease(lease, { seenSeq: 1, openSeq: 2, runnable: false });
  await store.append({
    conversationId: "conversation-b",
    at: 7,
    events: [
      proposed("call-0001"),
      approvalRequested("approval-1", "call-0001", { expiresAt: 50 }),
      approvalRequested("approval-2", "call-0001", { expiresAt: 50 }),
    ],
  });
  expect(await counts(10)).toEqual({ total: 3, open: 2, waitingForApproval: 1, lastAt: 7 });
  expect(await counts(60)).toMatchObject({ waitingForApproval: 0 });
  await store.close();
  const database = openDatabaseFile(path);
  onTestFinished(() => database.close());
  for (const { sql } of countQueries(new Kysely<Schema>({ dialect: nodeSqliteDialect(database) }), "shop", 1)) {
    const plan = database.prepare(`explain query plan ${sql}`).all();
    for (const { detail } of plan)
      expect(String(detail)).toMatch(/^(SEARCH .* USING .*INDEX|CO-ROUTINE|(SCAN|SEARCH) newest|USE TEMP B-TREE FOR count)/);
  }
});

test("no list sorts or reads approvals that were decided", async () => {
  const { path, store } = await openStore();
  await store.close();
  const database = openDatabaseFile(path);
  onTestFinished(() => database.close());
  const kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) });
  for (const filter of [{}, { waiting: true }, { assistant: "shop", from: 1, to: 2 }, { preview: true }] satisfies ConversationFilter[]) {
    const { sql } = conversationsQuery(kysely, { after: { createdAt: 1, id: "x" }, limit: 5, filter });
    const plan = database
      .prepare(`explain query plan ${sql}`)
      .all()
      .map(({ detail }) => String(detail));
    expect(plan.join("\n")).toContain(
      "preview" in filter ? "conversations_preview" : "assistant" in filter ? "conversations_assistant" : "conversations_created",
    );
    expect(plan.join("\n")).toContain("approvals_waiting");
    expect(plan.join("\n")).not.toContain("TEMP B-TREE");
  }
});
