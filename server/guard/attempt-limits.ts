import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { RequestError } from "../../protocol/errors.ts";
import { networkOf } from "./address.ts";

export const DEFAULT_ATTEMPTS_PER_MINUTE = 10;
const MINUTE_SECONDS = 60;

/** How often one network may fail to say who it is, with a password or a key. What succeeds does not count. */
export class AttemptLimits {
  readonly #failures: RateLimiterMemory;
  readonly #points: number;

  constructor(perMinute = DEFAULT_ATTEMPTS_PER_MINUTE) {
    this.#points = perMinute;
    this.#failures = new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECONDS });
  }

  /**
   * Before an attempt; it counts as failed until the returned function is called, so that many at the same time gain nothing. Throws `RequestError`
   * `rate-limited`.
   */
  async attempt(address: string): Promise<() => Promise<void>> {
    const network = networkOf(address);
    try {
      await this.#failures.consume(network);
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes ? limited(refusal) : refusal;
    }
    return async () => void (await this.#failures.reward(network));
  }

  /** Throws `RequestError` `rate-limited` when too many failed. */
  async refuseHammering(address: string): Promise<void> {
    const state = await this.#failures.get(networkOf(address));
    if (state !== null && state.consumedPoints >= this.#points) throw limited(state);
  }

  async failed(address: string): Promise<void> {
    await this.#failures.penalty(networkOf(address));
  }
}

function limited(state: RateLimiterRes): RequestError {
  return new RequestError("rate-limited", {
    detail: "Too many attempts to sign in failed from this network.",
    retryAfterMs: Math.max(1, state.msBeforeNext),
  });
}
