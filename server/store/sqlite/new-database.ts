import { randomBytes } from "node:crypto";
import { existsSync, linkSync, renameSync, rmSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { makePrivateFile } from "../../foundation/private-file.ts";
import { StoreOpenError } from "../store-open-error.ts";

/**
 * Makes the database file where there is none, in one piece: it is never empty, not even when the process is killed. So
 * an empty one has lost what was in it, and taking it for a new one would hide that. Throws `StoreOpenError` for that,
 * and for a file whose write-ahead log has outlived it.
 */
export function makeDatabaseOnce(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.size === 0)
    throw new StoreOpenError(
      `The database ${path} is empty: what was in it is gone. Put a backup in its place. To begin with nothing instead, remove the file.`,
    );
  if (found !== undefined) return;
  const log = `${path}-wal`;
  if (existsSync(log))
    throw new StoreOpenError(
      `The database ${path} is gone, but its log ${log} is there. Put the database back, or a backup without the log. To begin with nothing instead, remove the log.`,
    );
  make(path);
}

function make(path: string): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    // The log beside it is as private as the database.
    makePrivateFile(draft);
    const database = new DatabaseSync(draft);
    try {
      database.exec("pragma journal_mode = wal");
    } finally {
      database.close();
    }
    linkOnce(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Never over one that another process made meanwhile. */
function linkOnce(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (cause) {
    // Another process was quicker. Or it is a link that leads nowhere yet, and SQLite follows it.
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return;
    // The file system has no links.
    renameSync(draft, path);
  }
}
