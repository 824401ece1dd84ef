import type { ModelErrorKind, ModelRequest } from "../conversation/ports/model.ts";
import type { ModelMemory } from "./model-memory.ts";
import { toolNamedIn } from "./transport/named-tool.ts";
import { ProviderError } from "./transport/provider-failure.ts";
import { type Habits, learntFrom } from "./wires/habits.ts";

const MOST_CHANGES = 6;
/** A provider names one tool at a time. */
const MOST_LEFT_OUT = 32;
/** Statuses that may be about the request; gateways pass a refusal on as 500, and an error in a stream has none. */
const OF_REQUEST: ReadonlySet<number | undefined> = new Set([400, 422, 500, 501, undefined]);
/** Other kinds are about what was said, and may quote it: nothing is learnt from a customer's words. */
const OF_SETUP: ReadonlySet<ModelErrorKind> = new Set(["misconfigured", "overloaded", "broken"]);

/**
 * How one request is asked, and asked again after a refusal that says what to change. What was changed is remembered
 * only when it helped.
 */
export class AnotherTry {
  readonly #memory: ModelMemory;
  readonly #onLeftOut: (tool: string, reason: string) => void;
  readonly #wanted: ModelRequest;
  #changes: Partial<Habits> = {};
  #changed = 0;
  #leftOut = 0;

  constructor(wanted: ModelRequest, memory: ModelMemory, onLeftOut: (tool: string, reason: string) => void) {
    this.#wanted = wanted;
    this.#memory = memory;
    this.#onLeftOut = onLeftOut;
  }

  get habits(): Habits {
    return this.#changed === 0 ? this.#memory.habits : { ...this.#memory.habits, ...this.#changes };
  }

  /** Without the tools for which the provider refuses everything. */
  get request(): ModelRequest {
    if (!this.#memory.leavesOut) return this.#wanted;
    return { ...this.#wanted, tools: this.#wanted.tools.filter((tool) => this.#memory.takes(tool)) };
  }

  /** Whether the same is worth asking again, otherwise. `body` is what a request with these habits would be now. */
  after(error: unknown, asked: string, body: (habits: Habits) => string): boolean {
    if (!(error instanceof ProviderError) || !OF_REQUEST.has(error.status) || !OF_SETUP.has(error.kind)) return false;
    return this.#changesAfter(error.said, asked, body) || this.#leavesOut(error.said);
  }

  /** It was answered: what helped is how this model is asked from now on. */
  helped(): void {
    if (this.#changed > 0) this.#memory.learn(this.#changes);
  }

  #changesAfter(said: string, asked: string, body: (habits: Habits) => string): boolean {
    const change = this.#changed < MOST_CHANGES ? learntFrom(said, this.habits) : undefined;
    if (change === undefined) return false;
    const changes = { ...this.#changes, ...change };
    if (body({ ...this.#memory.habits, ...changes }) === asked) return false;
    this.#changes = changes;
    this.#changed += 1;
    return true;
  }

  #leavesOut(said: string): boolean {
    const tool = this.#leftOut < MOST_LEFT_OUT ? toolNamedIn(said, this.request.tools) : undefined;
    if (tool === undefined) return false;
    this.#leftOut += 1;
    this.#onLeftOut(tool.name, said);
    return true;
  }
}
