import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { DiskLog } from "./disk-log.ts";
import { writeErrorOf } from "./write-error.ts";

/** A write that was asked for, and whoever waits for it. */
interface Write {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (cause: unknown) => void;
  /** Settles with the commit, which the disk need not have yet. */
  readonly soon: boolean;
}

/** How a write went, to be told once it is on disk, or at once where that does not matter. */
interface Settled {
  readonly write: Write;
  readonly tell: () => void;
}

/**
 * Writes that come in the same turn of the event loop share one transaction, and so one wait for the disk. Each has a
 * savepoint of its own: one that throws undoes itself and no other. A promise settles only when the commit is on disk:
 * SQLite waits for that itself, or the `disk` does in the background.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #disk: DiskLog | undefined;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #mark: StatementSync;
  readonly #undo: StatementSync;
  readonly #keep: StatementSync;
  #waiting: Write[] = [];
  #ended = false;
  readonly #holding = new Set<Promise<unknown>>();
  #scheduled: NodeJS.Immediate | undefined;

  constructor(database: DatabaseSync, disk?: DiskLog) {
    this.#database = database;
    this.#disk = disk;
    if (disk !== undefined) disk.onFree = () => this.flush();
    this.#begin = database.prepare("begin immediate");
    this.#commit = database.prepare("commit");
    this.#mark = database.prepare("savepoint one_write");
    this.#undo = database.prepare("rollback to one_write");
    this.#keep = database.prepare("release one_write");
  }

  /**
   * Runs `work` in the next transaction, after the writes that were asked for earlier. What it throws rejects the
   * promise. `soon`: the promise settles with the commit, and the disk gets it with the next write that waits for it: for
   * what the next start finds out by itself.
   */
  write<Result>(work: () => Result, { soon = false }: { soon?: boolean } = {}): Promise<Result> {
    // A run's timer may still fire while the server goes down.
    if (this.#ended || !this.#database.isOpen) return Promise.reject(new Error("The database is closed, so nothing more is written."));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject, soon });
      this.#scheduled ??= setImmediate(() => this.flush());
    });
  }

  /**
   * Begins no transaction until `work` calls `release` or is done; what is asked for meanwhile waits. Resolves and
   * rejects as `work` does.
   */
  async held<Result>(work: (release: () => void) => Promise<Result>): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holding.add(promise);
    const release = (): void => {
      if (!this.#holding.delete(promise)) return;
      resolve();
      this.flush();
    };
    try {
      return await work(release);
    } finally {
      release();
    }
  }

  /** Commits what waits, without waiting for the turn's end. While writes are held, they wait for the end of that. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#disk?.holds === true || this.#holding.size > 0 || this.#waiting.length === 0) return;
    const writes = this.#waiting;
    this.#waiting = [];
    let settled: Settled[];
    try {
      if (this.#disk?.failure !== undefined) throw this.#disk.failure;
      this.#begin.run();
      settled = writes.map((write) => this.#attempt(write));
      this.#commit.run();
    } catch (cause) {
      // The disk is full or failing: nothing of this transaction is kept, and everybody who waits gets the reason.
      if (this.#database.isTransaction) this.#database.exec("rollback");
      for (const write of writes) write.reject(writeErrorOf(cause));
      return;
    }
    if (this.#disk === undefined) tellAll(settled);
    else this.#tellOnceOnDisk(this.#disk, settled);
  }

  /** Commits what waits and resolves when all of it is on disk, or was refused. From then on every write is refused. */
  async end(): Promise<void> {
    do {
      await Promise.all(this.#holding);
      this.flush();
      await this.#disk?.idle();
    } while (this.#waiting.length > 0);
    this.#ended = true;
  }

  #tellOnceOnDisk(disk: DiskLog, settled: readonly Settled[]): void {
    const later = settled.filter(({ write }) => !write.soon);
    const waiter = {
      onDisk: () => tellAll(later),
      failed: (cause: unknown) => {
        for (const { write } of later) write.reject(cause);
      },
    };
    disk.committed(later.length === 0 ? undefined : waiter);
    tellAll(settled.filter(({ write }) => write.soon));
  }

  /** Returns how to report the outcome; throws when the transaction itself is broken. */
  #attempt(write: Write): Settled {
    this.#mark.run();
    let tell: () => void;
    try {
      const result = write.work();
      tell = () => write.resolve(result);
    } catch (cause) {
      // SQLite itself ends the transaction when the disk fails.
      if (!this.#database.isTransaction) throw cause;
      this.#undo.run();
      tell = () => write.reject(writeErrorOf(cause));
    }
    this.#keep.run();
    return { write, tell };
  }
}

function tellAll(settled: readonly Settled[]): void {
  for (const { tell } of settled) tell();
}
