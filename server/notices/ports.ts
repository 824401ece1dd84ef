/**
 * What is told to whoever does not look at the console: the queue that keeps it. Made by `store/`; the law is in
 * `test/contract/notices.ts`. The words (notice, delivery, channel) are in docs/words.md.
 */

/** How a delivery leaves the house. */
export type Channel = "webhook" | "mail" | "push";

/**
 * Something that ought to be told, and has not been given to those who want to hear of it: an event of a journal, or
 * what is in no journal.
 */
export interface Raised {
  /** Grows with each. */
  readonly id: number;
  readonly at: number;
  /** Where it is in the journal. */
  readonly place?: { readonly conversationId: string; readonly seq: number };
  /** What it is, where no journal has it. */
  readonly body?: unknown;
}

/** `waiting`: due, now or later. `dead`: given up. `cancelled`: whoever it was for is gone. */
export type DeliveryStatus = "waiting" | "delivered" | "dead" | "cancelled";

/** What the last attempt came to. */
export interface DeliveryAnswer {
  readonly at: number;
  /** Of HTTP, or of SMTP. */
  readonly status?: number;
  /** Its beginning. */
  readonly text?: string;
  /** Why there is none. */
  readonly fault?: string;
  readonly durationMs: number;
}

export interface NewDelivery {
  /** Stays the same in every attempt, so that a receiver knows a repeat. */
  readonly id: string;
  readonly channel: Channel;
  /** Of its channel: a webhook's id, a subscription's, an address. */
  readonly target: string;
  /** What it tells of, such as `approval.requested`. */
  readonly event: string;
  readonly conversationId?: string;
  /** Exactly what is sent; each channel knows its own. */
  readonly body: string;
  readonly at: number;
  /** The first attempt; absent: at once. */
  readonly dueAt?: number;
}

export interface Delivery extends NewDelivery {
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly answer?: DeliveryAnswer;
  readonly endedAt?: number;
}

/** How an attempt ended. `dueAt`: when the next one is, while it waits. */
export type Attempted =
  | { readonly status: "waiting"; readonly dueAt: number; readonly answer: DeliveryAnswer }
  | { readonly status: Exclude<DeliveryStatus, "waiting">; readonly answer: DeliveryAnswer };

/**
 * The queue. What an append raises (`raises.ts`) is kept in the append's own transaction, so nothing that the journal
 * has is ever lost to whoever wants to hear of it.
 */
export interface NoticeStore {
  /** Keeps what no journal has. */
  raise(body: unknown, at: number): Promise<void>;
  /** Calls back after each commit with something new in it. The returned function ends it. */
  onRaised(listener: () => void): () => void;
  /** The oldest first. */
  listRaised(limit: number): Promise<readonly Raised[]>;
  /**
   * Keeps the deliveries and forgets what was raised, in one transaction: each is given out once. Where it is gone
   * already, nothing is kept; nor is what is told of conversations that are being erased, or are gone.
   */
  giveOut(raised: readonly number[], deliveries: readonly NewDelivery[]): Promise<void>;
  /** Those that wait and are due, those that wait longest first; none of the targets in `except`. */
  listDue(options: { readonly now: number; readonly limit: number; readonly except: readonly string[] }): Promise<readonly Delivery[]>;
  /** When the next one is due, of those later than `after`. */
  nextDue(after: number): Promise<number | undefined>;
  /** Writes down an attempt, and how it goes on. False: it waits no longer. */
  attempted(id: string, attempted: Attempted): Promise<boolean>;
  /** Begins again with one that ended, under the same id. False: it waits already, or is not there. */
  again(id: string, at: number): Promise<boolean>;
  find(id: string): Promise<Delivery | undefined>;
  /** The newest first, before the one with the id `before`. */
  listOf(target: {
    readonly channel: Channel;
    readonly target: string;
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly Delivery[]>;
  /** Deletes those that ended before, at most `limit`, the oldest first. Returns how many. */
  purge(endedBefore: number, limit: number): Promise<number>;
}
