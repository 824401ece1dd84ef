/** Time, ids and chance, so that tests decide them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms`; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
  id(): string;
  /** 0 ≤ random < 1. */
  random(): number;
}
