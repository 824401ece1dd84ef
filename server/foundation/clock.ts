/** Time, ids and randomness, passed in so that tests can control them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms`. The returned function cancels the call. */
  after(ms: number, callback: () => void): () => void;
  id(): string;
  /** 0 ≤ random < 1. */
  random(): number;
}
