import type { CallContext, InputAnswer, InputRequest, SamplingAnswer, SamplingRequest } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { CallPatience, type CallLimits } from "./call-patience.ts";

/** The most questions that a server may ask during one call; more of them are declined without asking anybody. */
const QUESTIONS = 20;

/** How many refusals of one call the log shows; more of them say nothing new. */
const REFUSALS_LOGGED = 20;

export interface CallScopeParts {
  readonly context: CallContext;
  readonly clock: Clock;
  readonly log: Log;
  /** As the log and people know whoever answers the call. */
  readonly server: { readonly key: string; readonly name: string };
  readonly limits: CallLimits;
  /** Tokens that the server may make our model say; 0: none. */
  readonly samplingTokens: number;
}

/** One call under way: what it may take, and how its server reaches the people and the model behind it. */
export class CallScope {
  readonly context: CallContext;
  /** Aborted when the server was silent for too long. */
  readonly silence: AbortSignal;
  /** Tokens that the server may make our model say; 0: none. */
  readonly samplingTokens: number;
  readonly #patience: CallPatience;
  readonly #server: { readonly key: string; readonly name: string };
  readonly #log: Log;
  #questions = 0;
  #refusals = 0;

  constructor(parts: CallScopeParts) {
    this.context = parts.context;
    this.samplingTokens = parts.samplingTokens;
    this.#server = parts.server;
    this.#log = parts.log;
    const silent = new AbortController();
    this.silence = silent.signal;
    this.#patience = new CallPatience(parts.clock, parts.limits, () => silent.abort());
  }

  heard(): void {
    this.#patience.heard();
  }

  /** While something is waited for that is not the server's to hurry. */
  async untimed<T>(work: () => Promise<T>): Promise<T> {
    this.#patience.pause();
    try {
      return await work();
    } finally {
      this.#patience.resume();
    }
  }

  /** Undefined: the server has asked too often. */
  async ask(request: InputRequest): Promise<InputAnswer | undefined> {
    if (!this.mayAsk()) return undefined;
    return this.untimed(() => this.context.ask(request));
  }

  async sample(request: SamplingRequest): Promise<SamplingAnswer> {
    if (!this.mayAsk()) return { kind: "refused", cause: `${this.#server.name} has asked too often.` };
    return this.untimed(() => this.context.sample(request));
  }

  /** Counts one more question. */
  mayAsk(): boolean {
    if (this.context.signal.aborted) return false;
    this.#questions += 1;
    if (this.#questions === QUESTIONS + 1) this.refused(`it asked more than ${QUESTIONS} questions in one call`);
    return this.#questions <= QUESTIONS;
  }

  /** Logs a question of the server that nobody was shown. */
  refused(why: string): void {
    this.#refusals += 1;
    if (this.#refusals > REFUSALS_LOGGED) return;
    this.#log.warn(
      { server: this.#server.key, call: this.context.callId, cause: why },
      "a question of an MCP server was declined, and nobody was asked",
    );
  }

  end(): void {
    this.#patience.end();
  }
}
