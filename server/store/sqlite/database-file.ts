import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeDatabaseOnce } from "./new-database.ts";
import { openErrorOf } from "./open-error.ts";

/**
 * How long opening waits for another Frontdesk that is just ending. It blocks this process, which does nothing else
 * yet.
 */
const BUSY_TIMEOUT_MS = 1_000;
/**
 * How long a write waits for another process's, where several use the file. A write is a few milliseconds, so this is a
 * process that hangs.
 */
const SHARED_BUSY_TIMEOUT_MS = 10_000;
/** What the write-ahead log is cut back to after a large result went through it. */
const JOURNAL_BYTES = 64 * 1024 * 1024;

/**
 * Opens the database file, making it and its folder when they are missing. Throws `StoreOpenError`.
 *
 * `exclusive`: for this process alone. The lock is the operating system's, so it ends with the process, however that
 * ends. Otherwise it is shared with other processes that open it in the same way; a write waits for theirs, and blocks
 * this process meanwhile.
 *
 * A commit is on disk when it returns (`synchronous=FULL`): an acknowledged message and a started call must survive a
 * power cut.
 */
export function openDatabaseFile(path: string, { exclusive = true }: { exclusive?: boolean } = {}): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    // What customers wrote is for this user alone.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    makeDatabaseOnce(path);
    database = new DatabaseSync(path, {
      timeout: BUSY_TIMEOUT_MS,
      enableForeignKeyConstraints: true,
    });
    // Before the first read: otherwise the log's index is not kept in this process, and the lock is given back.
    if (exclusive) database.exec("pragma locking_mode = exclusive");
    database.exec("pragma journal_mode = wal");
    // A process that has it alone would have been noticed by now. From here on it is one that shares it and may be
    // making the tables.
    if (!exclusive) database.exec(`pragma busy_timeout = ${SHARED_BUSY_TIMEOUT_MS}`);
    database.exec("pragma synchronous = full");
    database.exec(`pragma journal_size_limit = ${JOURNAL_BYTES}`);
    // What is deleted must be gone: SQLite would leave its words in the file until something else needs the space.
    database.exec("pragma secure_delete = on");
    // A database that was in WAL mode already is locked by the first transaction only.
    database.exec("begin immediate; commit");
    return database;
  } catch (cause) {
    database?.close();
    throw openErrorOf(path, cause);
  }
}
