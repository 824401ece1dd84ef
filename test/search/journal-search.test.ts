import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { JournalSearch } from "../../server/search/journal-search.ts";
import { SearchIndex } from "../../server/search/search-index.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { searchContract } from "../contract/search.ts";
import { message } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const PROGRAM = fileURLToPath(new URL("../../server/search/search-worker.ts", import.meta.url));
const quiet = { info: () => undefined, error: () => undefined };

async function openIn(path: string) {
  const store = await openSqliteStore({ path: join(path, "frontdesk.db") });
  const search = new JournalSearch({
    journal: store,
    queue: store.searchQueue,
    // Nothing goes on by itself here.
    clock: { after: () => () => undefined },
    log: quiet,
    program: PROGRAM,
    path: join(path, "search.sqlite"),
  });
  return { store, search };
}

searchContract("SQLite in a thread", async () => {
  const folder = await temporaryFolder();
  const { store, search } = await openIn(folder.path);
  return {
    store,
    search,
    catchUp: () => search.catchUp(),
    async cleanup() {
      await search.close();
      await store.close();
      await folder.remove();
    },
  };
});

const CREATE = { assistant: "shop", customerId: "customer-1" };

async function folderAtEnd() {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

test("no byte of what was removed is left in any file of the search", async () => {
  const path = await folderAtEnd();
  const { store, search } = await openIn(path);
  const events = Array.from({ length: 50 }, (_, index) => message(`message-${index}`, `zyxwvq${index} and a Kohlrabi`));
  await store.append({ conversationId: "gone", at: 1, create: CREATE, events });
  await store.append({ conversationId: "kept", at: 2, create: CREATE, events: [message("message-k", "Something harmless")] });
  await search.catchUp();
  // Long words are in the texts and the index of words; rare letters beside each other, in that of parts.
  const left = () => {
    const bytes = readdirSync(path)
      .filter((name) => name.startsWith("search"))
      .map((name) => readFileSync(join(path, name), "latin1"))
      .join("");
    return ["zyxwvq", "kohlrabi", "zyx", "yxw", "xwv", "wvq", "ohlrab", "lra"].filter((rest) => bytes.includes(rest));
  };
  expect(left()).toContain("kohlrabi");
  expect(left()).toContain("xwv");
  await search.removeFromSearch(["gone"]);
  expect(left()).toEqual([]);
  await search.close();
  await store.close();
  expect(left()).toEqual([]);
  const index = new SearchIndex(join(path, "search.sqlite"));
  expect(index.isSound()).toBe(true);
  expect(index.search({ words: "harmless", limit: 9, filter: {} }).hits).toHaveLength(1);
  index.close();
});

test("a search that is missing or of another format is filled from the journals, and says how far it is", async () => {
  const path = await folderAtEnd();
  const first = await openIn(path);
  for (const id of ["a", "b", "c"])
    await first.store.append({ conversationId: id, at: 1, create: CREATE, events: [message(`message-${id}`, `Quince ${id}`)] });
  await first.search.catchUp();
  await first.search.close();
  await first.store.close();
  for (const name of readdirSync(path)) if (name.startsWith("search")) rmSync(join(path, name));

  const second = await openIn(path);
  expect(await second.search.standing()).toEqual({ waiting: 0, conversationsLeft: 3 });
  await second.store.append({ conversationId: "b", at: 5, events: [message("message-new", "Quince again")] });
  expect(await second.search.standing()).toEqual({ waiting: 1, conversationsLeft: 3 });
  await second.search.catchUp();
  expect(await second.search.standing()).toEqual({ waiting: 0 });
  const { hits } = await second.search.search({ words: "quince", limit: 9, filter: {} });
  expect(hits.map(({ conversationId, at }) => `${conversationId} ${at}`)).toEqual(["b 5", "c 1", "a 1"]);
  await second.search.close();
  await second.store.close();
});

test("a text that was read twice, as after a crash, is there once", async () => {
  const path = await folderAtEnd();
  const index = new SearchIndex(join(path, "search.sqlite"));
  const text = { conversationId: "a", seq: 1, at: 1, assistant: "shop", kind: "message", text: "Medlar" } as const;
  index.add([text, text]);
  index.add([text]);
  expect(index.search({ words: "medlar", limit: 9, filter: {} }).hits).toHaveLength(1);
  expect(index.isSound()).toBe(true);
  index.close();
});

test("more texts of one moment than have a place in it are all there", async () => {
  const index = new SearchIndex(join(await folderAtEnd(), "search.sqlite"));
  index.add(
    Array.from(
      { length: 2500 },
      (_, seq) => ({ conversationId: `c${seq}`, seq: 1, at: 7, assistant: "shop", kind: "message", text: "Damson" }) as const,
    ),
  );
  index.add([{ conversationId: "later", seq: 1, at: 8, assistant: "shop", kind: "message", text: "Damson" }]);
  let found = 0;
  for (let before: number | undefined; ;) {
    const { hits, next } = index.search({ words: "damson", limit: 500, filter: {}, ...(before === undefined ? {} : { before }) });
    found += hits.length;
    if (next === undefined) break;
    before = next;
  }
  expect(found).toBe(2501);
  index.close();
});

test("a thread that cannot open its file says why, and nothing else fails", async () => {
  const path = await folderAtEnd();
  const { store, search } = await openIn(path);
  await search.close();
  const blocked = new JournalSearch({
    journal: store,
    queue: store.searchQueue,
    clock: { after: () => () => undefined },
    log: quiet,
    program: PROGRAM,
    path: join(path, "no", "such", "folder", "search.sqlite"),
  });
  await expect(blocked.search({ words: "x", limit: 1, filter: {} })).rejects.toThrow("no such file or directory");
  await store.append({ conversationId: "a", at: 1, create: CREATE, events: [message("message-a")] });
  expect(await store.searchQueue.countTexts()).toBe(1);
  await blocked.close();
  await store.close();
});

test("a word of wildcards is looked for step by step, not through the whole file at once", async () => {
  const index = new SearchIndex(join(await folderAtEnd(), "search.sqlite"));
  onTestFinished(() => index.close());
  const text = (seq: number, words: string) =>
    ({ conversationId: `c-${seq}`, seq, at: seq, assistant: "shop", kind: "message", text: words }) as const;
  index.add([text(1, "ref a_b at 100% off"), ...Array.from({ length: 20_001 }, (_, at) => text(at + 2, `number ${at} is axb`))]);
  for (const words of ["a_b", "q_q", "%%q"]) {
    const { hits, next } = index.search({ words, limit: 5, filter: {} });
    expect(hits).toEqual([]);
    expect(next).toBeGreaterThan(0);
  }
  // The rest is there for who goes on.
  const first = index.search({ words: "a_b", limit: 5, filter: {} });
  expect(index.search({ words: "a_b", limit: 5, filter: {}, before: first.next! }).hits).toMatchObject([{ conversationId: "c-1" }]);
  expect(index.search({ words: "100% off", limit: 5, filter: {} }).hits).toMatchObject([{ conversationId: "c-1" }]);
});
