import type { Clock } from "../../foundation/clock.ts";
import { type Limiter, type Limiters, PER_MINUTE } from "../../guard/limits/limiters.ts";
import { type Refusal, tooMany } from "./refusals.ts";

/** Connecting is two or three requests within a few milliseconds; all of them count as one. */
const CONNECT_MS = 2_000;
const CONNECT_REQUESTS = 8;
/** A connection, a list, a ping: whatever is no call. */
const OTHERS_PER_MINUTE = 120;

/** How much one key may do. A client that is refused is told when to come back; most come at once. */
export class KeyLimits {
  readonly #clock: Pick<Clock, "now">;
  readonly #calls: Limiter;
  readonly #others: Limiter;
  /** By key: the burst of requests that counts as one. */
  readonly #bursts = new Map<string, { readonly since: number; requests: number }>();

  constructor({ limiters, clock }: { readonly limiters: Limiters; readonly clock: Pick<Clock, "now"> }) {
    this.#clock = clock;
    this.#calls = limiters.counting("published/calls", PER_MINUTE);
    this.#others = limiters.counting("published/others", PER_MINUTE);
  }

  /** Undefined: the request may go on. */
  async take(key: string, calls: number, callsPerMinute: number): Promise<Refusal | undefined> {
    if (calls > 0) {
      const refused = await this.#calls.take(key, calls, callsPerMinute);
      return refused && tooMany(`This key may make ${callsPerMinute} calls in a minute`, refused.retryAfterMs);
    }
    if (this.#isInBurst(key)) return undefined;
    const refused = await this.#others.take(key, 1, OTHERS_PER_MINUTE);
    return refused && tooMany(`This key may connect and look ${OTHERS_PER_MINUTE} times in a minute`, refused.retryAfterMs);
  }

  #isInBurst(key: string): boolean {
    const now = this.#clock.now();
    const burst = this.#bursts.get(key);
    if (burst !== undefined && now - burst.since < CONNECT_MS && burst.requests < CONNECT_REQUESTS) {
      burst.requests += 1;
      return true;
    }
    if (this.#bursts.size > 10_000) this.#bursts.clear();
    this.#bursts.set(key, { since: now, requests: 1 });
    return false;
  }
}
