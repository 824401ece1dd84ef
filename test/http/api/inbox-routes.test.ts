import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { conversationsRoutes } from "../../../server/http/api/routes/conversations-routes.ts";
import { inboxRoutes } from "../../../server/http/api/routes/inbox-routes.ts";
import { inboxViewsRoutes } from "../../../server/http/api/routes/inbox-views-routes.ts";
import type { Assignee } from "../../../server/inbox/inbox.ts";
import { InboxChanges } from "../../../server/inbox/inbox-changes.ts";
import { SavedViews } from "../../../server/inbox/saved-views.ts";
import { FoundConversations } from "../../../server/search/found-conversations.ts";
import { JournalSearch } from "../../../server/search/journal-search.ts";
import { openSqliteStore } from "../../../server/store/sqlite/sqlite-store.ts";
import { ended, message, proposed, started } from "../../contract/store-drafts.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { type Answer, standingClock, startApi } from "./api-harness.ts";

const PROGRAM = fileURLToPath(new URL("../../../server/search/search-worker.ts", import.meta.url));
const as = (role: string, body?: unknown) => ({ headers: { Authorization: `Bearer ${role}` }, ...(body === undefined ? {} : { body }) });

/** The staff's API over a store with three conversations. */
async function open() {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  const clock = standingClock(1000);
  const search = new JournalSearch({
    journal: store,
    queue: store.searchQueue,
    clock,
    log: { info: () => undefined, error: () => undefined },
    program: PROGRAM,
    path: join(folder.path, "search.sqlite"),
  });
  onTestFinished(async () => {
    await search.close();
    await store.close();
    await folder.remove();
  });
  const news: string[] = [];
  const assignable = async ({ kind, id }: Assignee) => (id === "support" ? "Sam" : kind === "group" ? "Refunds" : undefined);
  const { inbox } = store;
  const changes = new InboxChanges({ inbox, clock, assignable, news: (id, what) => void news.push(`${id} ${what}`) });
  const api = await startApi([
    ...conversationsRoutes({
      conversations: store.conversations,
      inbox,
      journal: store,
      desk: { settleCall: async () => ({ seq: 1 }) },
      showsThoughts: () => false,
      facts: async () => undefined,
      clock,
      found: new FoundConversations({ search, inbox, journal: store }),
      searchStanding: () => search.standing(),
    } as Parameters<typeof conversationsRoutes>[0]),
    ...inboxRoutes({ inbox, changes, assignees: { list: async () => [{ kind: "person", id: "support", name: "Sam" }] }, clock }),
    ...inboxViewsRoutes({ views: new SavedViews({ documents: store.documents, clock }) }),
  ]);
  for (const [id, at, text] of [
    ["conversation-a", 10, "Where is my kettle?"],
    ["conversation-b", 20, "The kettle is broken"],
    ["conversation-c", 30, "Something else"],
  ] as const)
    await store.append({
      conversationId: id,
      at,
      create: { assistant: "shop", customerId: "customer-1" },
      events: [message(`message-of-${id}`, text)],
    });
  const get = async (path: string, role = "support") => (await api.fetch("GET", path, as(role))).json;
  const ids = async (query: string) =>
    ((await get(`/conversations?${query}`))["items"] as { id: string }[]).map(({ id }) => id.slice(-1)).join("");
  const change = (body: object, role = "support") => api.fetch("PATCH", "/conversations/conversation-a/inbox", as(role, body));
  return { store, search, api, get, ids, change, news };
}

const codeOf = ({ status, json }: Answer): string => `${status} ${String(json["code"])}`;

test("a view is read page by page, and its counts are the member's own", async () => {
  const { api, get, ids } = await open();
  expect(await ids("view=open")).toBe("cba");
  const first = await get("/conversations?view=open&limit=2");
  expect((first["items"] as { id: string }[]).map(({ id }) => id)).toEqual(["conversation-c", "conversation-b"]);
  expect(await ids(`view=open&limit=2&cursor=${String(first["next"])}`)).toBe("a");
  await api.fetch("POST", "/conversations/conversation-a/seen", as("support", { seq: 1 }));
  expect((await get("/inbox/counts"))["open"]).toEqual({ count: 3, unread: 2 });
  expect((await get("/inbox/counts", "admin"))["open"]).toEqual({ count: 3, unread: 3 });
  expect(await get("/conversations/conversation-a")).toMatchObject({ unread: false, seen: true, tags: [], priority: "normal" });
});

test("words find texts, with where they are; the list says what cannot be found yet", async () => {
  const { store, search, get, ids } = await open();
  expect((await get("/conversations?q=kettle"))["searching"]).toMatchObject({ waiting: 3 });
  await search.catchUp();
  const found = await get("/conversations?q=kettle");
  expect(found["searching"]).toBeUndefined();
  expect(found["items"]).toMatchObject([
    { id: "conversation-b", found: { seq: 1, kind: "message", pieces: [{ text: "The ", hit: false }, { text: "kettle", hit: true }, {}] } },
    { id: "conversation-a" },
  ]);
  await store.append({
    conversationId: "conversation-c",
    at: 40,
    events: [
      proposed("call-0001"),
      started("call-0001"),
      { ...ended("call-0001"), text: "kettle in stock: 7" } as ReturnType<typeof ended>,
    ],
  });
  await search.catchUp();
  expect((await get("/conversations?q=stock"))["items"]).toMatchObject([
    { id: "conversation-c", found: { kind: "result", callId: "call-0001" } },
  ]);
  expect(await ids("q=kettle")).toBe("cba");
  expect(await ids("q=kettle&limit=1")).toBe("c");
  const page = await get("/conversations?q=kettle&limit=1");
  expect(await ids(`q=kettle&limit=1&cursor=${String(page["next"])}`)).toBe("b");
  await store.inbox.changeInbox("conversation-b", { addTags: ["vip"] }, { at: 50, audit: [] });
  expect(await ids("q=kettle&tag=vip")).toBe("b");
  expect(await ids("q=kettle&view=closed")).toBe("");
});

test("whoever takes second is told who has it, and nobody is given what they may not answer", async () => {
  const { store, change, get, news } = await open();
  expect((await change({ assignee: { kind: "person", id: "support" }, was: null })).status).toBe(204);
  const second = await change({ assignee: { kind: "group", id: "refunds" }, was: null });
  expect(codeOf(second)).toBe("409 already-assigned");
  expect(second.json["detail"]).toContain("Sam has it now.");
  expect((await change({ assignee: { kind: "person", id: "stranger" } })).json["errors"]).toMatchObject([
    { path: "/assignee", code: "no-such-person" },
  ]);
  expect((await change({ snoozedUntil: 999 })).json["errors"]).toMatchObject([{ path: "/snoozedUntil", code: "in-the-past" }]);
  for (const body of [
    { addTags: [" "] },
    { addTags: ["x".repeat(41)] },
    { priority: "later" },
    { assignee: { kind: "robot", id: "x" } },
    { unknown: 1 },
  ])
    expect(codeOf(await change(body))).toBe("422 invalid");
  expect(await get("/conversations/conversation-a")).toMatchObject({
    assignee: { kind: "person", id: "support", name: "Sam" },
    version: 2,
  });
  expect((await store.documents.listAudit({ limit: 9, filter: {} })).map(({ action, target }) => `${action} ${target.id}`)).toEqual([
    "conversation.update conversation-a",
  ]);
  expect(news).toEqual(["conversation-a assignment"]);
});

test("what is not there, and what is no query, is said", async () => {
  const { api, get } = await open();
  expect(codeOf(await api.fetch("PATCH", "/conversations/conversation-z/inbox", as("support", { priority: "low" })))).toBe(
    "404 unknown-conversation",
  );
  expect(codeOf(await api.fetch("POST", "/conversations/conversation-z/seen", as("support", { seq: 1 })))).toBe("404 unknown-conversation");
  for (const query of ["view=everything", "view=open&assignee=somebody", "q=", "view=open&tags=vip", "q=kettle&cursor=eyJ9"])
    expect(`${query}: ${String((await get(`/conversations?${query}`))["code"])}`).toBe(`${query}: invalid`);
  for (const path of ["/conversations?view=open", "/conversations?q=kettle", "/inbox/counts", "/inbox-views"])
    expect((await get(path, "owner"))["code"]).toBe("forbidden");
});

test("views are kept for oneself alone, with names of one's own", async () => {
  const { api, get } = await open();
  const create = (role: string, body: object) => api.fetch("POST", "/inbox-views", as(role, body));
  const made = await create("support", { name: "Kettles", query: { view: "open", q: "kettle" } });
  expect(made.json).toMatchObject({ name: "Kettles", query: { view: "open", q: "kettle" } });
  expect((await create("support", { name: "kettles", query: {} })).json["errors"]).toMatchObject([{ path: "/name", code: "name-taken" }]);
  expect(codeOf(await create("support", { name: "Bad", query: { view: "nowhere" } }))).toBe("422 invalid");
  expect((await get("/inbox-views", "admin"))["items"]).toEqual([]);
  const path = `/inbox-views/${String(made.json["id"])}`;
  expect((await api.fetch("GET", path, as("admin"))).status).toBe(404);
  const version = { headers: { Authorization: "Bearer support", "If-Match": made.headers.get("etag") ?? "" } };
  expect((await api.fetch("PATCH", path, { ...version, body: { name: "Pans" } })).json).toMatchObject({
    name: "Pans",
    query: { q: "kettle" },
  });
  expect((await api.fetch("DELETE", path, version)).status).toBe(412);
  const now = (await api.fetch("GET", path, as("support"))).headers.get("etag") ?? "";
  expect((await api.fetch("DELETE", path, { headers: { Authorization: "Bearer support", "If-Match": now } })).status).toBe(204);
  expect((await get("/inbox-views"))["items"]).toEqual([]);
});
