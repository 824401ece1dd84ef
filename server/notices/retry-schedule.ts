/** How long after each failed attempt the next one is: nine attempts within a day. docs/notifications.md says so. */
const WAITS_MS = [5_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 5 * 3_600_000, 7 * 3_600_000, 8 * 3_600_000] as const;
/** Later by up to this share of the wait: many that failed together do not come back together. */
const JITTER = 0.1;
/** However long the receiver wants to be left alone. */
const LIFE_MS = 24 * 3_600_000;

/** When the next attempt is; undefined: it is given up. */
export function nextAttempt(given: {
  /** How many were made, the one that just failed included. */
  readonly attempts: number;
  readonly now: number;
  /** When the delivery began. */
  readonly since: number;
  /** What the receiver asked for. */
  readonly retryAfterMs?: number | undefined;
  /** 0 ≤ chance < 1. */
  readonly chance: number;
}): number | undefined {
  const wait = WAITS_MS[given.attempts - 1];
  if (wait === undefined) return undefined;
  const dueAt = given.now + Math.max(Math.round(wait * (1 + JITTER * given.chance)), given.retryAfterMs ?? 0);
  return dueAt - given.since > LIFE_MS ? undefined : dueAt;
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. Undefined: it says nothing that can be followed. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
