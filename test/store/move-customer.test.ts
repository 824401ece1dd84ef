import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DocumentConflictError } from "../../server/documents/ports.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function openStore() {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const write = (conversationId: string, customerId: string, more: { assistant?: string; preview?: string; at?: number } = {}) =>
    store.append({
      conversationId,
      at: more.at ?? 1,
      create: { assistant: more.assistant ?? "shop", customerId, ...(more.preview === undefined ? {} : { preview: more.preview }) },
      events: [
        { type: "message-received", messageId: `message-${conversationId}`, text: "Hello", by: { kind: "customer", id: customerId } },
        {
          type: "tool-call-proposed",
          turnId: "turn-0001",
          step: 0,
          callId: `call-${conversationId}`,
          tool: { source: "mcp", server: "orders", serverName: "Orders", tool: "find", title: "Find" },
        },
      ],
    });
  return { store, write };
}

const MOVE = { assistant: "shop", from: "browser-one", to: "id_customer", at: 5 };

test("a browser's conversations become the customer's, with the records of their calls, and no others do", async () => {
  const { store, write } = await openStore();
  await write("conversation-1", "browser-one", { at: 1 });
  await write("conversation-2", "browser-one", { at: 2 });
  await write("conversation-3", "browser-two");
  await write("conversation-4", "browser-one", { assistant: "other" });
  await write("conversation-5", "browser-one", { preview: "preview-1" });
  const moved = await store.moveCustomer(MOVE, []);
  expect(moved.map(({ conversationId }) => conversationId).toSorted()).toEqual(["conversation-1", "conversation-2"]);
  expect(moved[0]?.event).toEqual({ type: "customer-identified", customerId: "id_customer", before: "browser-one", seq: 3, at: 5 });
  expect((await store.readFrom("conversation-1", 3, 10))[0]).toMatchObject({ type: "customer-identified", before: "browser-one" });
  const owners = await Promise.all([1, 2, 3, 4, 5].map(async (n) => (await store.find(`conversation-${n}`))?.customerId));
  expect(owners).toEqual(["id_customer", "id_customer", "browser-two", "browser-one", "browser-one"]);
  const records = await store.calls.listCalls({ limit: 10, filter: { customer: "id_customer" } });
  expect(records.map(({ callId }) => callId).toSorted()).toEqual(["call-conversation-1", "call-conversation-2"]);
});

test("the staff find what was moved under the customer, and no longer under the browser", async () => {
  const { store, write } = await openStore();
  await write("conversation-1", "browser-one");
  await write("conversation-5", "browser-one", { preview: "preview-1" });
  await store.moveCustomer(MOVE, []);
  const member = { id: "ada", groups: [] };
  const found = async (customer: string) => {
    const listed = await store.inbox.listInbox({ view: "all", filter: { customer }, member, now: 10, limit: 10 });
    const among = await store.inbox.findInInbox(["conversation-1"], { view: "all", filter: { customer }, member, now: 10 });
    return [...listed, ...among, ...((await store.inbox.fewConversations({ customer }, 10)) ?? [])].map((one) =>
      typeof one === "string" ? one : one.id,
    );
  };
  expect(await found("id_customer")).toEqual(["conversation-1", "conversation-1", "conversation-1"]);
  expect(await found("browser-one")).toEqual([]);
});

test("they are listed newest first, by an index", async () => {
  const { store, write } = await openStore();
  await write("conversation-1", "id_customer", { at: 10 });
  await write("conversation-2", "id_customer", { at: 30 });
  await write("conversation-3", "id_customer", { at: 20 });
  await write("conversation-4", "somebody", { at: 40 });
  expect((await store.listOf("id_customer", 2)).map(({ id, updatedAt }) => `${id} ${updatedAt}`)).toEqual([
    "conversation-2 30",
    "conversation-3 20",
  ]);
});

test("nothing is moved if a document that goes along was changed meanwhile", async () => {
  const { store, write } = await openStore();
  await write("conversation-1", "browser-one");
  await store.documents.write([{ do: "create", kind: "connection", id: "old", body: { tokens: 1 } }], { at: 1 });
  const stale = { do: "replace", kind: "connection", id: "old", body: {}, ifVersion: 7 } as const;
  await expect(store.moveCustomer(MOVE, [stale])).rejects.toThrow(DocumentConflictError);
  expect(await store.find("conversation-1")).toMatchObject({ customerId: "browser-one", lastSeq: 2 });
  await store.moveCustomer(MOVE, [{ do: "delete", kind: "connection", id: "old", ifVersion: 1 }]);
  expect(await store.documents.get("connection", "old", 1)).toBeUndefined();
  expect(await store.find("conversation-1")).toMatchObject({ customerId: "id_customer", lastSeq: 3 });
});

test("what nobody has to answer makes nothing due", async () => {
  const { store, write } = await openStore();
  await write("conversation-1", "browser-one");
  const acquired = await store.acquireLease({ conversationId: "conversation-1", holder: "test", now: 1, untilMs: 2 });
  await store.releaseLease(acquired!.lease, { seenSeq: 2, openSeq: 3, runnable: false });
  await store.moveCustomer(MOVE, []);
  expect(await store.listDue(1_000, 10)).toEqual([]);
});
