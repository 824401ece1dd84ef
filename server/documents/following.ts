import type { ChangedDocuments, DocumentKind, DocumentStore } from "./ports.ts";

/** Keeps in memory what it read from documents of these kinds. */
export interface Follower {
  readonly kinds: readonly DocumentKind[];
  /** Reads again what was touched. Must not wait for a write of its own. */
  follow(changed: readonly ChangedDocuments[]): void | Promise<void>;
}

/**
 * Runs followers in order. Each starts when those before it are done, so it may ask them and never gets an answer from
 * before the change. Changes that arrive during a run are followed together in the next run; each write waits for its
 * own. A follower that fails does not stop the others.
 */
export class Following {
  readonly #documents: Pick<DocumentStore, "onChange">;
  #followers: readonly Follower[];
  #end: () => void;
  #waiting: ChangedDocuments[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(documents: Pick<DocumentStore, "onChange">, inOrder: readonly Follower[]) {
    this.#documents = documents;
    this.#followers = inOrder;
    this.#end = this.#listen();
  }

  /** Adds a follower that runs after all present ones. The returned function removes it. */
  afterwards(follower: Follower): () => void {
    this.#change([...this.#followers, follower]);
    return () => this.#change(this.#followers.filter((one) => one !== follower));
  }

  #change(followers: readonly Follower[]): void {
    this.#end();
    this.#followers = followers;
    this.#end = this.#listen();
  }

  #listen(): () => void {
    const kinds = [...new Set(this.#followers.flatMap((follower) => follower.kinds))];
    return this.#documents.onChange(kinds, (changed) => {
      this.#waiting.push(...changed);
      this.#next ??= this.#last.then(async () => {
        this.#next = undefined;
        const batch = this.#waiting;
        this.#waiting = [];
        const following = this.#follow(batch);
        this.#last = following.catch(() => {});
        return following;
      });
      return this.#next;
    });
  }

  async #follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const failures: unknown[] = [];
    for (const follower of this.#followers) {
      const concerning = changed.filter(({ kind }) => follower.kinds.includes(kind));
      if (concerning.length === 0) continue;
      try {
        await follower.follow(concerning);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join("; "));
    if (failures.length === 1) throw failures[0];
  }
}
