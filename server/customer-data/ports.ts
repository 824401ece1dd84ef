import type { JournalEvent } from "../../protocol/events.ts";

/** A conversation by the time of its last event. */
export interface AgedConversation {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  readonly lastSeq: number;
  /** The first event that an open turn still needs; after the last one where none is open. */
  readonly openSeq: number;
  /** Events before these numbers have lost their results, and their raw calls. */
  readonly resultsFrom: number;
  readonly tracesFrom: number;
}

/** What of a conversation goes before the conversation does. */
export type Part = "results" | "traces";

/**
 * What is kept of customers, to hand it out and to erase it: each method does a small piece of work, so that nobody
 * waits for it. Made by `store/`.
 */
export interface CustomerDataStore {
  /** The ids of a customer's conversations, ascending, after `after`; those in previews, too. */
  conversationsOf(customerId: string, options: { after?: string; limit: number }): Promise<readonly string[]>;
  /** All conversations, ascending by id, after `after`, with whose they are. */
  listAll(options: { after: string; limit: number }): Promise<readonly { readonly id: string; readonly customerId: string }[]>;
  /** The next assistant, by key, of which there are conversations. */
  nextAssistant(after: string): Promise<string | undefined>;
  /** From now on nobody finds these conversations, and nothing is written to them any more. */
  beginErasing(conversationIds: readonly string[], at: number): Promise<void>;
  /** Conversations that are being erased, ascending by id. */
  listErasing(limit: number): Promise<readonly string[]>;
  /**
   * Deletes about `rows` rows of a conversation that is being erased, with what the audit log quotes of it. True: nothing
   * is left.
   */
  eraseSome(conversationId: string, rows: number): Promise<boolean>;
  /** Those of an assistant whose last event is before `before`, oldest first. */
  listOlder(
    assistant: string,
    options: { before: number; after?: { updatedAt: number; id: string }; limit: number },
  ): Promise<readonly AgedConversation[]>;
  countOlder(assistant: string, before: number): Promise<number>;
  /**
   * Puts what `change` makes of them in the place of at most `limit` events from the first that still has the part, and
   * deletes the results of their calls. What an open turn needs is left. True: no other event up to `through` has it any
   * more. With `traces` goes what was sent of the conversation, such as a webhook's notice.
   */
  strip(
    conversationId: string,
    options: { part: Part; through: number; limit: number; change: (event: JournalEvent) => JournalEvent },
  ): Promise<boolean>;
  /** Deletes at most `limit` of the oldest calls, or audit entries, from before a time. How many it were. */
  deleteOld(what: "calls" | "audit", before: number, limit: number): Promise<number>;
  countOld(what: "calls" | "audit", before: number): Promise<number>;
  /** Nothing of what was deleted is left in the database's files once this resolves. */
  wipe(): Promise<void>;
  /** Writes a whole and consistent copy into a file that is not there yet, while everything goes on. */
  backup(path: string): Promise<void>;
}

/** The search over what is kept; its law is in `test/contract/search.ts`. */
export interface SearchedTexts {
  /** Nothing of these conversations is left in it once the promise is kept. */
  removeFromSearch(conversationIds: readonly string[]): Promise<void>;
  /** What is gone from these journals is gone from the search as well. */
  readAgain(conversationIds: readonly string[]): Promise<void>;
}

/** Whatever else keeps something about a customer says how it forgets it. */
export interface CustomerEraser {
  /** For the receipt, in the plural, such as `connections`. */
  readonly what: string;
  /** Whether it keeps anything of theirs. */
  knows(customerId: string): Promise<boolean>;
  /** How many it forgot. Called again after a failure. */
  erase(customerId: string): Promise<number>;
}
