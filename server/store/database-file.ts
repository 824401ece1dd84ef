import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openErrorOf } from "./open-error.ts";

/** How long opening waits for a Frontdesk that is just going away. It blocks this process, which does nothing else yet. */
const BUSY_TIMEOUT_MS = 1_000;
/** What the write-ahead log is cut back to after a large result went through it. */
const JOURNAL_BYTES = 64 * 1024 * 1024;

/**
 * Opens the database file for this process alone, making it and its folder when they are missing. The lock is the operating system's, so it ends with
 * the process, however that ends. Throws `StoreOpenError`.
 *
 * A commit is on disk when it returns (`synchronous=FULL`): an acknowledged message and a started call must survive a power cut.
 */
export function openDatabaseFile(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    // Before the first read: only then is the log's index kept in this process and the lock never given back.
    database.exec("pragma locking_mode = exclusive");
    database.exec("pragma journal_mode = wal");
    database.exec("pragma synchronous = full");
    database.exec(`pragma journal_size_limit = ${JOURNAL_BYTES}`);
    // A database that was in WAL mode already is locked by the first transaction only.
    database.exec("begin immediate; commit");
    return database;
  } catch (cause) {
    database?.close();
    throw openErrorOf(path, cause);
  }
}
