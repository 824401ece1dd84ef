import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { DiskLog } from "../../server/store/sqlite/disk-log.ts";
import { GroupCommit } from "../../server/store/sqlite/group-commit.ts";
import { GatedDisk, turn } from "../support/gated-disk.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("a disk that is slow", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  let database: DatabaseSync;
  let disk: GatedDisk;
  let log: DiskLog;
  let commit: GroupCommit;
  let kept: number[];
  const insert = (id: number) => database.prepare("insert into node values (?, ?)").run(id, "");
  const write = (id: number, options?: { soon: boolean }) => commit.write(() => insert(id), options).then(() => void kept.push(id));
  const stored = (from: DatabaseSync = database) =>
    from
      .prepare("select id from node order by id")
      .all()
      .map((row) => row["id"]);

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, "frontdesk.db");
    database = openDatabaseFile(path);
    database.exec("create table node (id integer primary key, body text)");
    disk = new GatedDisk();
    log = await DiskLog.open(database, path, disk.files);
    commit = new GroupCommit(database, log);
    kept = [];
  });
  afterEach(async () => {
    if (database.isOpen) database.close();
    await folder.remove();
  });

  test("is not waited for by SQLite", () => {
    const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get()!)[0];
    expect(["synchronous", "wal_autocheckpoint", "locking_mode"].map(pragma)).toEqual([0, 0, "exclusive"]);
  });

  test("holds back the answers to writes, and nothing else", async () => {
    const writing = write(1);
    await turn();
    expect(disk.waiting).toEqual(["log"]);
    expect(kept).toEqual([]);
    expect(stored()).toEqual([1]);
    await disk.pass();
    await writing;
    expect(kept).toEqual([1]);
  });

  test("is asked once for all writes that came while it was busy", async () => {
    void write(1);
    await turn();
    void write(2);
    await turn();
    void write(3);
    await turn();
    expect(disk.asked).toEqual(["log"]);
    await disk.pass();
    expect(kept).toEqual([1]);
    await disk.pass();
    expect(kept).toEqual([1, 2, 3]);
    expect(disk.asked).toEqual(["log", "log"]);
  });

  test("is not asked for a write that may be answered soon, and gets it with the next", async () => {
    void write(1);
    void write(2, { soon: true });
    await turn();
    expect(kept).toEqual([2]);
    await disk.pass();
    expect(kept).toEqual([2, 1]);
    void write(3, { soon: true });
    await turn();
    expect(kept).toEqual([2, 1, 3]);
    expect(disk.waiting).toEqual([]);
    void write(4);
    await turn();
    expect(disk.waiting).toEqual(["log"]);
  });

  test("tells a refused write that it was refused, with the others", async () => {
    const refuse = (): never => {
      throw new Error("no");
    };
    const refused = expect(commit.write(refuse)).rejects.toThrow("no");
    void write(1);
    await turn();
    await disk.pass();
    await refused;
    expect(kept).toEqual([1]);
  });

  test("gets the log before its pages are copied, and the database before the log begins anew", async () => {
    for (let id = 1; id < 100; id += 1) {
      void write(id);
      await turn();
      await disk.pass();
    }
    expect(new Set(disk.asked)).toEqual(new Set(["log"]));
    void write(100);
    await turn();
    void write(101);
    await turn();
    await disk.pass();
    // The hundredth is on disk. The next one came meanwhile: the log is synced once more, nothing is copied yet.
    expect(disk.waiting).toEqual(["log"]);
    expect(kept.at(-1)).toBe(100);
    void write(102);
    await turn();
    expect(stored().at(-1)).toBe(101);
    await disk.pass();
    expect(kept.at(-1)).toBe(101);
    expect(disk.waiting).toEqual(["database"]);
    // A power cut now: the log is whole, whatever of the copied pages has reached the disk.
    void write(103);
    await turn();
    expect(stored().at(-1)).toBe(101);
    await disk.pass();
    await turn();
    expect(stored().at(-1)).toBe(103);
    expect(kept.at(-1)).toBe(101);
    await disk.pass();
    expect(kept.slice(-3)).toEqual([101, 102, 103]);
  });

  test("gets what was written soon, too, before pages are copied", async () => {
    for (let id = 1; id < 100; id += 1) {
      void write(id);
      await turn();
      await disk.pass();
    }
    void write(100);
    await turn();
    void write(101, { soon: true });
    await turn();
    await disk.pass();
    expect(disk.waiting).toEqual(["log"]);
    await disk.pass();
    expect(disk.waiting).toEqual(["database"]);
    await disk.pass();
  });

  test("copies pages sooner when few commits have made the log large", async () => {
    disk.logBytes = 100 * 1024 * 1024;
    for (let id = 1; id <= 8; id += 1) {
      void write(id);
      await turn();
      await disk.pass();
    }
    expect(disk.waiting).toEqual(["database"]);
    await disk.pass();
  });

  test("that fails refuses what it did not keep and everything after, and says what to do", async () => {
    const words = "The disk did not keep what was written (EIO: i/o error). Nothing more is written until Frontdesk is started again";
    const lost = expect(write(1)).rejects.toThrow(words);
    await turn();
    const queued = expect(write(2)).rejects.toThrow(words);
    await turn();
    await disk.fail("EIO: i/o error");
    await Promise.all([lost, queued]);
    await expect(write(3)).rejects.toThrow(words);
    expect(stored()).not.toContain(3);
    expect(kept).toEqual([]);
    expect(log.failure?.message).toContain("look at the disk");
  });

  test("that fails while pages are copied lets nobody wait for ever", async () => {
    for (let id = 1; id <= 100; id += 1) {
      void write(id);
      await turn();
      await disk.pass();
    }
    expect(disk.waiting).toEqual(["database"]);
    const held = expect(write(101)).rejects.toThrow("The disk did not keep what was written");
    await turn();
    await disk.fail("EIO: i/o error");
    await held;
  });

  test("leaves everything to be found by whoever opens a copy that was taken at any moment", async () => {
    for (let id = 1; id <= 230; id += 1) {
      void write(id);
      await turn();
      while (disk.waiting.length > 0) {
        // What a killed process leaves behind.
        if (id % 23 === 0) expect(await copied()).toEqual(stored());
        await disk.pass();
      }
    }
    expect(kept.length).toBe(230);
    expect(disk.asked.filter((name) => name === "database").length).toBeGreaterThan(0);
  });

  async function copied(): Promise<unknown[]> {
    const copy = await temporaryFolder();
    try {
      const to = join(copy.path, "copy.db");
      await copyFile(path, to);
      await copyFile(`${path}-wal`, `${to}-wal`);
      const opened = openDatabaseFile(to);
      try {
        return stored(opened);
      } finally {
        opened.close();
      }
    } finally {
      await copy.remove();
    }
  }
});
