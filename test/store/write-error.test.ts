import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { StoreUnwritableError } from "../../server/conversation/ports/errors.ts";
import { writeErrorOf } from "../../server/store/sqlite/write-error.ts";

/** What node:sqlite throws for an extended result code. */
const sqliteError = (errcode: number): Error => Object.assign(new Error("?"), { code: "ERR_SQLITE_ERROR", errcode });
const systemError = (code: string): Error => Object.assign(new Error("?"), { code });

test.each([
  ["SQLITE_FULL", sqliteError(13), "is full"],
  ["SQLITE_IOERR_WRITE", sqliteError(778), "reports an error"],
  ["SQLITE_IOERR_FSYNC", sqliteError(1034), "reports an error"],
  ["SQLITE_READONLY_DBMOVED", sqliteError(1032), "read-only"],
  ["SQLITE_CANTOPEN", sqliteError(14), "cannot be opened"],
  ["SQLITE_BUSY_SNAPSHOT", sqliteError(517), "locked"],
  ["ENOSPC", systemError("ENOSPC"), "is full"],
  ["EROFS", systemError("EROFS"), "read-only"],
])("%s is a store that takes nothing now", (_name, cause, words) => {
  const error = writeErrorOf(cause);
  expect(error).toBeInstanceOf(StoreUnwritableError);
  expect(error).toMatchObject({ message: expect.stringContaining(words), cause });
});

test("any other error stays what it is: a mistake must not look like a full disk", () => {
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  database.exec("create table one (id integer primary key)");
  let constraint: unknown;
  try {
    database.exec("insert into one values (1); insert into one values (1)");
  } catch (error) {
    constraint = error;
  }
  for (const cause of [constraint, new Error("no"), new StoreUnwritableError("said already"), undefined, sqliteError(11)])
    expect(writeErrorOf(cause)).toBe(cause);
});
