import { execFileSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openErrorOf } from "../../server/store/sqlite/open-error.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { StoreOpenError } from "../../server/store/store-open-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const isRoot = process.getuid?.() === 0;

/** A database in a folder of its own that was used before. */
async function used(): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const path = join(folder.path, "frontdesk.db");
  await (await openSqliteStore({ path })).close();
  return { folder: folder.path, path };
}

/** Nobody may change it, not even root. False where this user or this disk has no such thing. */
async function freeze(part: string): Promise<boolean> {
  try {
    execFileSync("chattr", ["+i", part], { stdio: "ignore" });
    onTestFinished(() => void execFileSync("chattr", ["-i", part]));
    return true;
  } catch {
    return false;
  }
}

async function expectReadOnly({ folder, path }: { folder: string; path: string }, part: string): Promise<void> {
  const opening = openSqliteStore({ path });
  await expect(opening).rejects.toThrow(StoreOpenError);
  await expect(opening).rejects.toThrow(
    `The database ${path} cannot be written: ${part} is read-only. Give this user the right to write in DATA_DIR ${folder}`,
  );
}

describe("a database that may not be written says so", () => {
  test.skipIf(isRoot)("when its file is read-only", async () => {
    const database = await used();
    await chmod(database.path, 0o444);
    await expectReadOnly(database, database.path);
  });

  test.skipIf(isRoot)("when its folder is read-only", async () => {
    const database = await used();
    await chmod(database.folder, 0o555);
    onTestFinished(() => chmod(database.folder, 0o755));
    await expectReadOnly(database, database.folder);
  });

  test("when its file may not be changed by anybody", async ({ skip }) => {
    const database = await used();
    skip(!(await freeze(database.path)), "This disk has no files that nobody may change.");
    await expectReadOnly(database, database.path);
  });

  test("when its log may not be changed by anybody", async ({ skip }) => {
    const database = await used();
    await writeFile(`${database.path}-wal`, "");
    skip(!(await freeze(`${database.path}-wal`)), "This disk has no files that nobody may change.");
    await expectReadOnly(database, `${database.path}-wal`);
  });

  test("when nothing may be added to its folder", async ({ skip }) => {
    const database = await used();
    skip(!(await freeze(database.folder)), "This disk has no folders that nobody may change.");
    await expectReadOnly(database, database.folder);
  });
});

describe("what SQLite says of a database that does not open", () => {
  const path = join(tmpdir(), "no-such-folder", "frontdesk.db");
  const sqliteError = (errcode: number): Error => Object.assign(new Error("disk I/O error"), { errcode });

  test.each([
    ["SQLITE_READONLY", 8, "cannot be written"],
    ["SQLITE_READONLY_DIRECTORY", 1544, "cannot be written"],
    ["SQLITE_READONLY_ROLLBACK", 776, "cannot be written"],
    ["SQLITE_CANTOPEN_ISDIR", 526, "cannot be written"],
    ["SQLITE_FULL", 13, "is full"],
    ["SQLITE_BUSY", 5, "Another Frontdesk"],
    ["SQLITE_NOTADB", 26, "damaged"],
    // Nothing is read-only here, so it may be the disk.
    ["SQLITE_IOERR_READ", 266, "cannot be opened: disk I/O error"],
  ])("%s", (_name, errcode, words) => {
    expect(openErrorOf(path, sqliteError(errcode)).message).toContain(words);
  });
});
