import { RequestError } from "../../../protocol/errors.ts";
import { type CountWindow, type Limiter, type Limiters, PER_MINUTE } from "./limiters.ts";

const PER_HOUR: CountWindow = { windowMs: 60 * 60_000 };

/** What is tried out, and how often. */
export interface TestedThing {
  /** In the limiters' names. */
  readonly name: string;
  /** As a sentence begins. */
  readonly what: string;
  readonly perMinute: number;
  readonly perHour: number;
}

/** Models: each test is a few requests that the owner of the key pays for. */
export const MODEL_TESTS: TestedThing = { name: "tests", what: "An assistant", perMinute: 6, perHour: 60 };
/** Tools and servers: each try has others do something. */
export const TOOL_TRIES: TestedThing = { name: "tries", what: "A tool or server", perMinute: 20, perHour: 300 };

/** How often staff try things out: one thing each minute, and one person or key each hour. */
export class TestLimits {
  readonly #thing: TestedThing;
  readonly #ofThing: Limiter;
  readonly #ofStaff: Limiter;

  constructor({ limiters, thing = MODEL_TESTS }: { readonly limiters: Limiters; readonly thing?: TestedThing }) {
    this.#thing = thing;
    this.#ofThing = limiters.counting(`${thing.name}/of-one`, PER_MINUTE);
    this.#ofStaff = limiters.counting(`${thing.name}/of-staff`, PER_HOUR);
  }

  /** Before a test of `tested` by the person or key `by`. Throws `RequestError` `rate-limited`. */
  async before(tested: string, by: string): Promise<void> {
    const { what, perMinute, perHour } = this.#thing;
    await refuseOver(this.#ofStaff, by, perHour, `You may test ${perHour} times an hour.`);
    await refuseOver(this.#ofThing, tested, perMinute, `${what} may be tested ${perMinute} times a minute.`);
  }
}

async function refuseOver(limiter: Limiter, key: string, limit: number, detail: string): Promise<void> {
  const refused = await limiter.take(key, 1, limit);
  if (refused !== undefined) throw new RequestError("rate-limited", { detail, retryAfterMs: refused.retryAfterMs });
}
