import type { ChangedDocuments, DocumentKind, DocumentStore } from "./ports.ts";

/** Something that keeps in memory what it read from documents of these kinds. */
export interface Follower {
  readonly kinds: readonly DocumentKind[];
  /** Reads anew what was touched. Waits for no write of its own. */
  follow(changed: readonly ChangedDocuments[]): void | Promise<void>;
}

/**
 * Followers in their order: each begins when those before it are done, so it may ask them and gets no answer from before the change. Changes that come while
 * the followers are at work are followed together, next; each write waits for its own. A follower that fails stops no other.
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

  /** Adds one that follows after all that are there. The returned function takes it away. */
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
