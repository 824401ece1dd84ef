import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreUnwritableError } from "../../server/conversation/ports/errors.ts";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { GroupCommit } from "../../server/store/sqlite/group-commit.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("writes that share a commit", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: DatabaseSync;
  let commit: GroupCommit;
  const insert = (id: number, parent = id) => database.prepare("insert into node values (?, ?, ?)").run(id, parent, "");
  const kept = () =>
    database
      .prepare("select id from node order by id")
      .all()
      .map((row) => row["id"]);

  beforeEach(async () => {
    folder = await temporaryFolder();
    database = openDatabaseFile(join(folder.path, "frontdesk.db"));
    // A reference that is looked at only by the commit: the one way to make a commit fail at will.
    database.exec(
      "create table node (id integer primary key, parent integer references node (id) deferrable initially deferred, body text)",
    );
    commit = new GroupCommit(database);
  });
  afterEach(async () => {
    database.close();
    await folder.remove();
  });

  test("wait while they are held, and nobody ends the database meanwhile", async () => {
    const order: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const copy = commit.held(async (release) => {
      await gate;
      order.push("copied a first part");
      release();
      await commit.write(() => order.push("written beside the rest"));
      return "copied";
    });
    const write = commit.write(() => order.push("written"));
    commit.flush();
    expect(order).toEqual([]);
    open();
    expect(await copy).toBe("copied");
    await write;
    expect(order).toEqual(["copied a first part", "written", "written beside the rest"]);

    await expect(commit.held(() => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
    const { promise: second, resolve: release } = Promise.withResolvers<void>();
    const held = commit.held(() => second);
    const last = commit.write(() => order.push("the last one"));
    const end = commit.end();
    release();
    await Promise.all([held, last, end]);
    expect(order.at(-1)).toBe("the last one");
  });

  test("are answered in the order in which they were asked for, after the commit", async () => {
    const order: number[] = [];
    const note = (id: number) => {
      expect(database.isTransaction).toBe(false);
      order.push(id);
    };
    await Promise.all([1, 2, 3].map((id) => commit.write(() => insert(id)).then(() => note(id))));
    expect(order).toEqual([1, 2, 3]);
    expect(kept()).toEqual([1, 2, 3]);
  });

  test("lose only the one that throws, whole", async () => {
    const refuse = () => {
      insert(2);
      throw new Error("no");
    };
    const outcomes = await Promise.allSettled([
      commit.write(() => insert(1)),
      commit.write(refuse),
      commit.write(() => insert(1)),
      commit.write(() => insert(3)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(kept()).toEqual([1, 3]);
  });

  test("are all refused when the commit fails, and the next ones are not", async () => {
    const outcomes = await Promise.allSettled([commit.write(() => insert(1)), commit.write(() => insert(2, 99))]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    expect(kept()).toEqual([]);
    await commit.write(() => insert(3));
    expect(kept()).toEqual([3]);
  });

  test("go on after the disk was full", async () => {
    database.exec("pragma max_page_count = 20");
    const fill = commit.write(() => database.prepare("insert into node values (1, 1, ?)").run("x".repeat(1_000_000)));
    await expect(fill).rejects.toThrow(StoreUnwritableError);
    await expect(fill).rejects.toThrow("is full, so nothing can be written");
    expect(kept()).toEqual([]);
    database.exec("pragma max_page_count = 100000");
    await commit.write(() => insert(2));
    expect(kept()).toEqual([2]);
  });
});
