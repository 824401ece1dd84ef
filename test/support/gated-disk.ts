import type { DiskLogFiles, SyncedFile } from "../../server/store/sqlite/disk-log.ts";
import { waitFor } from "./wait-for.ts";

/** A disk that syncs when it is told to, and notes in which order it was asked. */
export class GatedDisk {
  readonly asked: string[] = [];
  #free = false;
  readonly #open: { name: string; done: () => void; failed: (cause: Error) => void }[] = [];

  /** In place of the files that a store brings to disk. */
  readonly files: DiskLogFiles = {
    log: { ...this.#file("log"), size: async () => this.logBytes },
    database: this.#file("database"),
  };
  /** How large the log is said to be. */
  logBytes = 0;

  #file(name: string): SyncedFile {
    return {
      datasync: () =>
        new Promise<void>((done, failed) => {
          this.asked.push(name);
          if (this.#free) done();
          else this.#open.push({ name, done, failed });
        }),
      close: async () => undefined,
    };
  }

  /** From now on it is as fast as it can be. */
  free(): void {
    this.#free = true;
    for (const { done } of this.#open.splice(0)) done();
  }

  get waiting(): readonly string[] {
    return this.#open.map(({ name }) => name);
  }

  /** Ends the sync that waits longest. */
  async pass(): Promise<void> {
    await waitFor(() => this.#open.length > 0);
    this.#open.shift()?.done();
    await turn();
  }

  async fail(message: string): Promise<void> {
    await waitFor(() => this.#open.length > 0);
    this.#open.shift()?.failed(new Error(message));
    await turn();
  }
}

/** Everything that can happen without the disk has happened. */
export async function turn(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
