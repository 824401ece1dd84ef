/** Counters that limits are made of. The law is in `test/contract/limiters.ts`. */
export interface Limiters {
  /**
   * Counts per window of time. The same name and window count in the same place, whoever asks and with whatever limit.
   */
  counting(name: string, window: CountWindow): Limiter;
  /** Counts what is open at one moment. The same name counts in the same place. */
  open(name: string): OpenCount;
}

export interface CountWindow {
  /** From 1 to `LONGEST_WINDOW_MS`. */
  readonly windowMs: number;
}

/** 24 days: timers of Node cannot wait for longer. */
export const LONGEST_WINDOW_MS = 24 * 24 * 60 * 60_000;

export const PER_MINUTE: CountWindow = { windowMs: 60_000 };

/** A key's window begins with the first points it takes, and ends everything that was counted in it. */
export interface Limiter {
  /**
   * Takes `points` of the `limit` that a key has per window. What is refused counts too, so hammering does not pay.
   * Undefined: not refused. 0 points only look.
   */
  take(key: string, points: number, limit: number): Promise<Refusal | undefined>;
  /** Gives back what was taken in this window. */
  giveBack(key: string, points: number): Promise<void>;
}

export interface Refusal {
  /** When the key's window is over; at least 1. */
  readonly retryAfterMs: number;
  /** Everything that the key took in this window, refused or not. */
  readonly taken: number;
}

export interface OpenCount {
  of(key: string): Promise<number>;
  /** One more is open; the returned function says that it is gone, and does nothing the second time. */
  add(key: string): () => void;
}
