/** A text that was written to a journal, and that the search has not read. */
export interface QueuedText {
  readonly id: number;
  readonly conversationId: string;
  readonly seq: number;
}

/** What the search reads the journals by. Made by `store/`: a text is queued in the transaction that writes it. */
export interface SearchQueue {
  /** Oldest first. */
  nextTexts(limit: number): Promise<readonly QueuedText[]>;
  countTexts(): Promise<number>;
  /** The search has everything up to this one on disk. */
  textsRead(throughId: number): Promise<void>;
  /** Ids of customers' conversations after `after`, ascending: for a search that begins anew. */
  conversationsAfter(after: string, limit: number): Promise<readonly string[]>;
  countConversationsAfter(after: string): Promise<number>;
  /** Called after a text was queued. The returned function ends it. */
  onQueued(listener: () => void): () => void;
}
