import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A write that was asked for, and whoever waits for it. */
interface Write {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Writes that come in the same turn of the event loop share one transaction, and so one wait for the disk. Each has a
 * savepoint of its own: one that throws undoes itself and no other. A promise settles only after the commit, so
 * whatever was answered is on disk.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #mark: StatementSync;
  readonly #undo: StatementSync;
  readonly #keep: StatementSync;
  #waiting: Write[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = database.prepare("begin immediate");
    this.#commit = database.prepare("commit");
    this.#mark = database.prepare("savepoint one_write");
    this.#undo = database.prepare("rollback to one_write");
    this.#keep = database.prepare("release one_write");
  }

  /**
   * Runs `work` in the next transaction, after the writes that were asked for earlier. What it throws rejects the
   * promise.
   */
  write<Result>(work: () => Result): Promise<Result> {
    // A run's timer may still fire while the server goes down.
    if (!this.#database.isOpen) return Promise.reject(new Error("The database is closed, so nothing more is written."));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
      this.#scheduled ??= setImmediate(() => this.flush());
    });
  }

  /** Commits what waits, without waiting for the turn's end. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const writes = this.#waiting;
    if (writes.length === 0) return;
    this.#waiting = [];
    let settle: (() => void)[];
    try {
      this.#begin.run();
      settle = writes.map((write) => this.#attempt(write));
      this.#commit.run();
    } catch (cause) {
      // The disk is full or failing: nothing of this transaction is kept, and everybody who waits gets the reason.
      if (this.#database.isTransaction) this.#database.exec("rollback");
      for (const write of writes) write.reject(cause);
      return;
    }
    for (const tell of settle) tell();
  }

  /** Returns how to report the outcome; throws when the transaction itself is broken. */
  #attempt(write: Write): () => void {
    this.#mark.run();
    let tell: () => void;
    try {
      const result = write.work();
      tell = () => write.resolve(result);
    } catch (cause) {
      // SQLite itself ends the transaction when the disk fails.
      if (!this.#database.isTransaction) throw cause;
      this.#undo.run();
      tell = () => write.reject(cause);
    }
    this.#keep.run();
    return tell;
  }
}
