import type { QueuedText, SearchQueue } from "../../inbox/search-queue.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Statements } from "./statements.ts";

/** The queue of texts that the search has yet to read. */
export class SqliteSearchQueue implements SearchQueue {
  readonly #statements: Statements;
  readonly #commit: GroupCommit;
  readonly #listeners = new Set<() => void>();

  constructor({ statements, commit }: { statements: Statements; commit: GroupCommit }) {
    this.#statements = statements;
    this.#commit = commit;
  }

  async nextTexts(limit: number): Promise<readonly QueuedText[]> {
    return this.#statements.queuedTexts.all({ limit });
  }

  async countTexts(): Promise<number> {
    return this.#statements.countQueued.get({})?.waiting ?? 0;
  }

  async textsRead(throughId: number): Promise<void> {
    // What is read once more after a crash is there already.
    await this.#commit.write(() => this.#statements.textsRead.run({ throughId }), { soon: true });
  }

  async conversationsAfter(after: string, limit: number): Promise<readonly string[]> {
    return this.#statements.conversationsAfter.all({ after, limit }).map(({ id }) => id);
  }

  async countConversationsAfter(after: string): Promise<number> {
    return this.#statements.countConversationsAfter.get({ after })?.left ?? 0;
  }

  onQueued(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A text was queued, and its transaction is over. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
