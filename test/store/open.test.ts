import { readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { StoreOpenError } from "../../server/store/store-open-error.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { begin, CONVERSATION, ended, proposed, started, summary } from "../contract/store-drafts.ts";
import { GatedDisk, turn } from "../support/gated-disk.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("opening the database", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, "frontdesk.db");
  });
  afterEach(() => folder.remove());

  test("makes missing folders, and says once that the schema was made", async () => {
    const said: string[] = [];
    const note = (_fields: object, message: string): void => void said.push(message);
    const log = { info: note, warn: note, error: note };
    const deep = join(folder.path, "a", "b", "frontdesk.db");
    await (await openSqliteStore({ path: deep, log })).close();
    await (await openSqliteStore({ path: deep, log })).close();
    expect(said).toEqual(["The database was brought up to date."]);
  });

  test("waits for the disk at every commit of a write-ahead log, and holds to references", () => {
    const database = openDatabaseFile(path);
    const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get()!)[0];
    expect(["journal_mode", "synchronous", "foreign_keys", "locking_mode"].map(pragma)).toEqual(["wal", 2, 1, "exclusive"]);
    database.close();
  });

  test("keeps nothing in the file of what was deleted from it", async () => {
    const secret = "4111 1111 1111 1111";
    const conversationId = CONVERSATION;
    const store = await openSqliteStore({ path });
    await begin(store);
    const results = { "call-0001": { content: [{ kind: "text" as const, text: `${secret} `.repeat(2_000) }] } };
    await store.append({ conversationId, at: 2, events: [proposed("call-0001"), started("call-0001"), ended("call-0001")], results });
    await store.append({ conversationId, at: 3, events: [summary(1)], forgetResults: ["call-0001"] });
    await store.close();
    expect((await readFile(path)).includes(secret)).toBe(false);
  });

  test("is refused while another one in the same process has it", async () => {
    const store = await openSqliteStore({ path });
    await expect(openSqliteStore({ path })).rejects.toThrow(`Another Frontdesk uses DATA_DIR ${folder.path}. Stop it`);
    await begin(store);
    await store.close();
  });

  test("says which file is not a database, and leaves it as it is", async () => {
    await writeFile(path, "This is a letter, not a database. ".repeat(100));
    await expect(openSqliteStore({ path })).rejects.toThrow(`The file ${path} is damaged or not a Frontdesk database.`);
  });

  test.each(["a database that was emptied", "a file that another program made"])("refuses %s, and leaves it as it is", async (what) => {
    if (what.startsWith("a database")) await (await openSqliteStore({ path })).close();
    await writeFile(path, "");
    for (const exclusive of [true, false]) {
      const refused = openSqliteStore({ path, exclusive });
      await expect(refused).rejects.toThrow(StoreOpenError);
      await expect(refused).rejects.toThrow(`The database ${path} is empty: what was in it is gone. Put a backup in its place.`);
    }
    expect((await readFile(path)).length).toBe(0);
    await rm(path);
    await (await openSqliteStore({ path })).close();
  });

  test("refuses to put a new database before the log of one that is gone", async () => {
    await writeFile(`${path}-wal`, "what is left");
    await expect(openSqliteStore({ path })).rejects.toThrow(`The database ${path} is gone, but its log ${path}-wal is there.`);
    expect(await readFile(`${path}-wal`, "utf8")).toBe("what is left");
  });

  test("makes a database in one piece, through a link that leads nowhere yet too, and leaves no draft", async () => {
    const link = join(folder.path, "link.db");
    await symlink(path, link);
    await (await openSqliteStore({ path: link })).close();
    expect((await readdir(folder.path)).toSorted()).toEqual(["frontdesk.db", "link.db"]);
  });

  test("says that DATA_DIR cannot be written", async () => {
    await writeFile(join(folder.path, "file"), "");
    const blocked = openSqliteStore({ path: join(folder.path, "file", "frontdesk.db") });
    await expect(blocked).rejects.toThrow(StoreOpenError);
    await expect(blocked).rejects.toThrow(`Give this user the right to write in DATA_DIR ${join(folder.path, "file")}`);
  });

  test("is refused for a database of a newer version, which can still be used by that one", async () => {
    await (await openSqliteStore({ path })).close();
    const newer = new DatabaseSync(path);
    newer.exec("insert into kysely_migration (name, timestamp) values ('0002-later', '2030-01-01T00:00:00.000Z')");
    newer.close();
    const refused = openSqliteStore({ path });
    await expect(refused).rejects.toThrow(StoreOpenError);
    await expect(refused).rejects.toThrow("was written by a newer Frontdesk (migrations 0002-later). Start that version again");

    const again = new DatabaseSync(path);
    again.exec("delete from kysely_migration where name = '0002-later'");
    again.close();
    await (await openSqliteStore({ path })).close();
  });

  test("that cannot be brought up to date is left as it was, and comes up to date once it can", async () => {
    const raw = new DatabaseSync(path);
    // Something else took a name that the second step needs.
    raw.exec("create table audit (other text)");
    raw.close();
    await expect(openSqliteStore({ path })).rejects.toThrow(
      "could not be brought up to date (migration 0002-documents). It was left as it was.",
    );

    const after = new DatabaseSync(path);
    const tables = after
      .prepare("select name from sqlite_master where type = 'table'")
      .all()
      .map(({ name }) => String(name));
    expect(tables).toEqual(["audit"]);
    after.exec("drop table audit");
    after.close();
    const opened = await openSqliteStore({ path });
    expect(await opened.documents.listAudit({ limit: 1, filter: {} })).toEqual([]);
    await opened.close();
  });

  test("finds a journal row that something else has changed when it is read, and names it", async () => {
    const store = await openSqliteStore({ path });
    await begin(store);
    await store.close();
    const database = new DatabaseSync(path);
    database.exec(`update events set body = '{"text":1}'`);
    database.close();
    const opened = await openSqliteStore({ path });
    await expect(opened.readFrom(CONVERSATION, 1, 10)).rejects.toThrow(`Event 1 of conversation ${CONVERSATION} cannot be read`);
    await opened.close();
  });

  test("refuses names that the database would not keep apart", async () => {
    const store = await openSqliteStore({ path });
    for (const customerId of ["customer-\ud800", "customer-\0"])
      await expect(
        store.append({ conversationId: CONVERSATION, at: 1, create: { assistant: "shop", customerId }, events: [] }),
      ).rejects.toThrow("it is not well-formed text");
    expect(await store.find(CONVERSATION)).toBeUndefined();
    await store.close();
  });

  test("closing keeps what was asked for just before", async () => {
    const store = await openSqliteStore({ path });
    const writing = begin(store);
    await store.close();
    await store.close();
    await writing;
    const opened = await openSqliteStore({ path });
    expect((await opened.find(CONVERSATION))!.lastSeq).toBe(1);
    await opened.close();
  });

  test("a write that comes in the last moment of closing is answered all the same", async () => {
    for (let depth = 0; depth < 12; depth += 1) {
      const disk = new GatedDisk();
      const store = await openSqliteStore({ path, files: disk.files });
      const first = store.tryWrite();
      const late = first.then(async () => {
        for (let step = 0; step < depth; step += 1) await Promise.resolve();
        return store.tryWrite().then(
          () => "kept",
          (error: Error) => error.message,
        );
      });
      await turn();
      const closing = store.close();
      disk.free();
      await closing;
      expect(["kept", "The database is closed, so nothing more is written."]).toContain(await late);
    }
  });

  test("once closed, everything asked for is refused, and nothing else happens", async () => {
    const store = await openSqliteStore({ path });
    await store.close();
    await expect(begin(store)).rejects.toThrow("The database is closed");
    await expect(store.renewLease({ conversationId: CONVERSATION, fence: 1 }, 1)).rejects.toThrow("The database is closed");
    await expect(store.find(CONVERSATION)).rejects.toThrow("finalized");
  });
});
