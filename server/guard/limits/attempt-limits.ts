// Not the whole library, which loads twenty databases' ways as well.
import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory.js";
import RateLimiterRes from "rate-limiter-flexible/lib/RateLimiterRes.js";
import { RequestError } from "../../../protocol/errors.ts";
import type { Log } from "../../foundation/log.ts";
import { networkOf } from "../network/address.ts";

export const DEFAULT_ATTEMPTS_PER_MINUTE = 10;
const MINUTE_SECONDS = 60;

/** How often one network may fail to say who it is, with a password or a key. What succeeds does not count. */
export class AttemptLimits {
  readonly #failures: RateLimiterMemory;
  readonly #points: number;
  readonly #log: Pick<Log, "warn">;

  constructor({ log, perMinute = DEFAULT_ATTEMPTS_PER_MINUTE }: { readonly log: Pick<Log, "warn">; readonly perMinute?: number }) {
    this.#log = log;
    this.#points = perMinute;
    this.#failures = new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECONDS });
  }

  /**
   * Before an attempt; it counts as failed until the returned function is called, so that many at the same time gain nothing. Throws `RequestError`
   * `too-many-attempts`.
   */
  async attempt(address: string): Promise<() => Promise<void>> {
    const network = networkOf(address);
    await this.#count(network);
    return async () => void (await this.#failures.reward(network));
  }

  /** After an attempt that failed. Throws `RequestError` `too-many-attempts` when too many did. */
  async failed(address: string): Promise<void> {
    await this.#count(networkOf(address));
  }

  async #count(network: string): Promise<void> {
    try {
      await this.#failures.consume(network);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterMs = Math.max(1, refusal.msBeforeNext);
      // Only the first of them: an attack must not fill the log.
      if (refusal.consumedPoints === this.#points + 1)
        this.#log.warn({ network, retryAfterMs }, "Too many attempts to sign in failed from this network; the next ones are refused.");
      throw new RequestError("too-many-attempts", { detail: "They came from this network. Wait, and try again.", retryAfterMs });
    }
  }
}
