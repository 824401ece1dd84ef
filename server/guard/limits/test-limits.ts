import { RequestError } from "../../../protocol/errors.ts";
import { type CountWindow, type Limiter, type Limiters, PER_MINUTE } from "./limiters.ts";

const PER_HOUR: CountWindow = { windowMs: 60 * 60_000 };
const TESTS_PER_MINUTE = 6;
const TESTS_PER_HOUR = 60;

/** How often models are tested: each test is a few requests that the owner of the key pays for. */
export class TestLimits {
  readonly #ofAssistant: Limiter;
  readonly #ofStaff: Limiter;

  constructor({ limiters }: { readonly limiters: Limiters }) {
    this.#ofAssistant = limiters.counting("tests/of-assistant", PER_MINUTE);
    this.#ofStaff = limiters.counting("tests/of-staff", PER_HOUR);
  }

  /** Before a test of `assistant`, or of what stands for one, by the person or key `by`. Throws `RequestError` `rate-limited`. */
  async before(assistant: string, by: string): Promise<void> {
    await refuseOver(this.#ofStaff, by, TESTS_PER_HOUR, `You may test ${TESTS_PER_HOUR} times an hour.`);
    await refuseOver(this.#ofAssistant, assistant, TESTS_PER_MINUTE, `An assistant may be tested ${TESTS_PER_MINUTE} times a minute.`);
  }
}

async function refuseOver(limiter: Limiter, key: string, limit: number, detail: string): Promise<void> {
  const refused = await limiter.take(key, 1, limit);
  if (refused !== undefined) throw new RequestError("rate-limited", { detail, retryAfterMs: refused.retryAfterMs });
}
