import { RequestError } from "../../../protocol/errors.ts";
import type { Log } from "../../foundation/log.ts";
import { networkOf } from "../network/address.ts";
import { type Limiter, type Limiters, PER_MINUTE } from "./limiters.ts";

export const DEFAULT_ATTEMPTS_PER_MINUTE = 10;

export interface AttemptLimitsPorts {
  readonly limiters: Limiters;
  readonly log: Pick<Log, "warn">;
  readonly perMinute?: number;
  /** In the limiters' names. Absent: what staff sign in with. */
  readonly name?: string;
}

/** How often one network may fail to say who it is, with a password or a key. What succeeds does not count. */
export class AttemptLimits {
  readonly #failures: Limiter;
  readonly #perMinute: number;
  readonly #log: Pick<Log, "warn">;

  constructor({ limiters, log, perMinute = DEFAULT_ATTEMPTS_PER_MINUTE, name = "staff/failed-attempts" }: AttemptLimitsPorts) {
    this.#log = log;
    this.#perMinute = perMinute;
    this.#failures = limiters.counting(name, PER_MINUTE);
  }

  /**
   * Before an attempt; it counts as failed until the returned function is called, so that many at the same time gain
   * nothing. Throws `RequestError` `too-many-attempts`.
   */
  async attempt(address: string): Promise<() => Promise<void>> {
    const network = networkOf(address);
    await this.#count(network);
    return () => this.#failures.giveBack(network, 1);
  }

  /** After an attempt that failed. Throws `RequestError` `too-many-attempts` when too many did. */
  async failed(address: string): Promise<void> {
    await this.#count(networkOf(address));
  }

  async #count(network: string): Promise<void> {
    const refused = await this.#failures.take(network, 1, this.#perMinute);
    if (refused === undefined) return;
    const { retryAfterMs, taken } = refused;
    // Only the first of them: an attack must not fill the log.
    if (taken === this.#perMinute + 1)
      this.#log.warn({ network, retryAfterMs }, "Too many attempts to sign in failed from this network; the next ones are refused.");
    throw new RequestError("too-many-attempts", { detail: "They came from this network. Wait and try again.", retryAfterMs });
  }
}
