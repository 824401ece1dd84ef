/** Counters that limits are made of. The law is in `test/contract/limiters.ts`. */
export interface Limiters {
  /** Counts per minute. The same name counts in the same place, whoever asks and with whatever limit. */
  perMinute(name: string): Limiter;
  /** Counts what is open at one moment. The same name counts in the same place. */
  open(name: string): OpenCount;
}

/** A key's minute begins with the first points it takes, and ends everything that was counted in it. */
export interface Limiter {
  /**
   * Takes `points` of the `limit` that a key has per minute. What is refused counts too, so hammering does not pay.
   * Undefined: not refused.
   */
  take(key: string, points: number, limit: number): Promise<Refusal | undefined>;
  /** Gives back what was taken in this minute. */
  giveBack(key: string, points: number): Promise<void>;
}

export interface Refusal {
  /** When the key's minute is over; at least 1. */
  readonly retryAfterMs: number;
  /** Everything that the key took in this minute, refused or not. */
  readonly taken: number;
}

export interface OpenCount {
  of(key: string): Promise<number>;
  /** One more is open; the returned function says that it is gone, and does nothing the second time. */
  add(key: string): () => void;
}
