import { ModelError, type Model, type ModelPart, type ModelRequest } from "../conversation/ports/model.ts";
import { clockPause } from "../foundation/clock-pause.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";

const MOST_TRIES = 3;
/** A provider that wants a longer pause than this is not waited for: the customer is shown when to come back. */
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 1_000;

export interface RetryPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Names the model in the log. */
  readonly name: string;
  /** Hears of each answer that began, and of each that will not come. */
  readonly outcome?: { answered(): void; failed(error: unknown): void };
}

/**
 * Tries a request again that failed before its first part: rate limits, overload and unreachable providers, up to three
 * tries. Waits as long as the provider says (never less, and a little more, so that those with the same answer do not
 * come at once), otherwise exponentially with full jitter. After the first part it only passes on.
 */
export function withRetry(model: Model, ports: RetryPorts): Model {
  return {
    stream: (request, signal) => ({ [Symbol.asyncIterator]: () => new RetryingAnswer(model, request, signal, ports) }),
  };
}

class RetryingAnswer implements AsyncIterator<ModelPart> {
  readonly #open: () => AsyncIterator<ModelPart>;
  readonly #signal: AbortSignal;
  readonly #ports: RetryPorts;
  #answer: AsyncIterator<ModelPart> | undefined;
  #begun = false;

  constructor(model: Model, request: ModelRequest, signal: AbortSignal, ports: RetryPorts) {
    this.#open = () => model.stream(request, signal)[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#ports = ports;
  }

  next(): Promise<IteratorResult<ModelPart>> {
    return this.#begun && this.#answer !== undefined ? this.#answer.next() : this.#first();
  }

  async return(): Promise<IteratorResult<ModelPart>> {
    await this.#answer?.return?.();
    return { done: true, value: undefined };
  }

  async #first(): Promise<IteratorResult<ModelPart>> {
    for (let tries = 1; ; tries++) {
      this.#answer = this.#open();
      try {
        const first = await this.#answer.next();
        this.#begun = true;
        this.#ports.outcome?.answered();
        return first;
      } catch (error) {
        const wait = tries < MOST_TRIES ? this.#waitMs(error, tries) : undefined;
        if (wait === undefined || this.#signal.aborted) {
          this.#ports.outcome?.failed(error);
          throw error;
        }
        const { name, log } = this.#ports;
        log.warn(
          { model: name, tries, waitMs: wait, cause: (error as ModelError).message },
          "A model cannot answer now. It is asked again.",
        );
        await clockPause(this.#ports.clock, wait, this.#signal);
        this.#signal.throwIfAborted();
      }
    }
  }

  /** How long to wait after a failure; undefined: it goes up as it is. */
  #waitMs(error: unknown, tries: number): number | undefined {
    if (!(error instanceof ModelError)) return undefined;
    if (error.kind !== "rate-limited" && error.kind !== "overloaded" && error.kind !== "unreachable") return undefined;
    const chance = this.#ports.clock.random();
    const wantedMs = error.retryAfterMs;
    if (wantedMs === undefined) return Math.round(chance * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)));
    return wantedMs > LONGEST_WAIT_MS ? undefined : Math.round(wantedMs + chance * Math.min(1_000, wantedMs / 10));
  }
}
