import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreUnwritableError } from "../../conversation/ports/errors.ts";

/** Somebody who waits until what was committed is on disk. */
export interface Waiter {
  onDisk(): void;
  failed(cause: unknown): void;
}

/** A file as far as it is brought to disk; the tests put slow and failing disks in its place. */
export interface SyncedFile {
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskLogFiles {
  readonly log: SyncedFile & { size(): Promise<number> };
  readonly database: SyncedFile;
}

/** Pages of the write-ahead log that are worth copying into the database, as SQLite itself counts by default. */
const PAGES_PER_CHECKPOINT = 1_000;
const FIRST_CHECKPOINT_COMMITS = 100;
const MOST_CHECKPOINT_COMMITS = 1_000;
/** Large results fill the log with few commits. Larger than what `journal_size_limit` leaves of it. */
const LARGE_LOG_BYTES = 66 * 1024 * 1024;
/** How often its size is looked at, in commits. */
const SIZE_EVERY = 8;

/**
 * Brings commits to disk while the main thread goes on. SQLite would wait for the disk inside each commit, and with it
 * every customer. So it commits without waiting (`synchronous=OFF`), and this class syncs the write-ahead log in the
 * background; commits that come meanwhile share the next sync. Whoever asked for a write is answered after the sync.
 *
 * SQLite relies on two orders that it no longer keeps itself: the log is on disk before its pages are copied into the
 * database, and the database is on disk before the log is written from its start again. So commits are held while pages
 * are copied. Both need the database to be this process's alone.
 *
 * A sync that fails cannot be repeated: the system may have dropped what it could not write. From then on every write
 * is refused, and the next start reads what the disk really has.
 */
export class DiskLog {
  readonly #files: DiskLogFiles;
  readonly #checkpoint: StatementSync;
  readonly #truncate: StatementSync;
  #waiting: Waiter[] = [];
  #working: Promise<void> | undefined;
  #holds = false;
  #failure: Error | undefined;
  #commits = 0;
  #sizedAt = 0;
  /** Something was committed since the last sync began, whether anybody waits for it or not. */
  #unsynced = false;
  #commitsPerCheckpoint = FIRST_CHECKPOINT_COMMITS;
  /** Called when commits need not be held any more. */
  onFree: () => void = () => undefined;

  private constructor(database: DatabaseSync, files: DiskLogFiles) {
    this.#files = files;
    this.#checkpoint = database.prepare("pragma wal_checkpoint(passive)");
    this.#truncate = database.prepare("pragma wal_checkpoint(truncate)");
    database.exec("pragma synchronous = off; pragma wal_autocheckpoint = 0");
  }

  /** Takes over from SQLite; the database must be open for this process alone and in WAL mode. `path` is its file. */
  static async open(database: DatabaseSync, path: string, files?: DiskLogFiles): Promise<DiskLog> {
    return new DiskLog(database, files ?? (await openFiles(path)));
  }

  /** Whether pages are being copied: nothing may be committed until `onFree`. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Why nothing can be written any more. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Something was committed; `waiter` hears when it is on disk. Without one it gets there with the next one's. */
  committed(waiter: Waiter | undefined): void {
    this.#commits += 1;
    this.#unsynced = true;
    if (waiter === undefined) return;
    this.#waiting.push(waiter);
    this.#working ??= this.#work();
  }

  /**
   * Copies everything into the database and empties the log, so that nothing is left there of what was deleted. Rejects
   * when the disk fails.
   */
  async wipe(): Promise<void> {
    await this.idle();
    this.#working = this.#emptyLog();
    await this.#working;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#waiting.length > 0) this.#working ??= this.#work();
  }

  async #emptyLog(): Promise<void> {
    try {
      this.#unsynced = true;
      await this.#copyPages(true);
    } catch (cause) {
      this.#fail(cause);
    } finally {
      this.#working = undefined;
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Closes the files. Only after the database: closing its file ends the lock that SQLite holds on it. */
  async close(): Promise<void> {
    await this.#files.log.close();
    await this.#files.database.close();
  }

  async #work(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#sync();
        if (this.#commits >= this.#commitsPerCheckpoint || (await this.#isLarge())) await this.#copyPages();
      }
    } catch (cause) {
      this.#fail(cause);
    } finally {
      this.#working = undefined;
    }
  }

  async #isLarge(): Promise<boolean> {
    if (this.#commits < this.#sizedAt + SIZE_EVERY) return false;
    this.#sizedAt = this.#commits;
    return (await this.#files.log.size()) > LARGE_LOG_BYTES;
  }

  async #sync(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#unsynced = false;
    try {
      await this.#files.log.datasync();
    } catch (cause) {
      this.#waiting = [...waiting, ...this.#waiting];
      throw cause;
    }
    for (const waiter of waiting) waiter.onDisk();
  }

  async #copyPages(empties = false): Promise<void> {
    this.#holds = true;
    if (this.#unsynced) await this.#sync();
    const pages = Number(this.#checkpoint.get()?.["log"] ?? 0);
    await this.#files.database.datasync();
    // Only now: what the database has on disk may leave the log.
    if (empties) this.#truncate.get();
    this.#commitsPerCheckpoint = nextInterval(this.#commits, pages);
    this.#commits = 0;
    this.#sizedAt = 0;
    this.#holds = false;
    this.onFree();
  }

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#failure = new StoreUnwritableError(
      `The disk did not keep what was written (${reason}). Nothing more is written until Frontdesk is started again; look at the disk first.`,
      { cause },
    );
    this.#holds = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.failed(this.#failure);
    this.onFree();
  }
}

/** How many pages a commit takes is only known afterwards. */
function nextInterval(commits: number, pages: number): number {
  const wanted = Math.round((commits * PAGES_PER_CHECKPOINT) / Math.max(1, pages));
  return Math.min(MOST_CHECKPOINT_COMMITS, Math.max(1, wanted));
}

async function openFiles(given: string): Promise<DiskLogFiles> {
  // SQLite puts the log beside the file itself, not beside a link to it.
  const path = await realpath(given);
  const log = await open(`${path}-wal`, "r+");
  let database: FileHandle | undefined;
  try {
    database = await open(path, "r+");
    await syncFolder(dirname(path));
    const size = async (): Promise<number> => (await log.stat()).size;
    return { log: { datasync: () => log.datasync(), close: () => log.close(), size }, database };
  } catch (cause) {
    await log.close();
    await database?.close();
    throw cause;
  }
}

/** So that the log's name is on disk as well. Windows has no such thing and keeps names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
