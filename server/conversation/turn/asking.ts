import type { Assistant } from "../ports/assistant.ts";
import { joinSignals, type JoinedSignals } from "./join-signals.ts";
import { modelStep, type StepEnd } from "./model-step.ts";
import { ModelError, type ModelRequest, type Model } from "../ports/model.ts";
import type { Interruption, Tool } from "../ports/tools.ts";
import { promptBudget, requestTokens } from "../prompt/prompt.ts";
import type { Passing } from "./passing.ts";
import type { Run } from "./run.ts";
import { stepParts } from "./step-parts.ts";
import { fittingRequest } from "./summarise.ts";
import type { OpenTurn } from "./turn-state.ts";
import { countCut } from "./unwritten-usage.ts";

/** How often a prompt that a model found too long is made smaller and asked again. */
const SHRINKS = 3;

/**
 * One step of the model, asked for until there is an end: one that finds the prompt too long is asked again with a
 * smaller one. Its user drives it, `prepare` and `speak` in turn, and closes it, because each generator between the
 * model and the listener would cost something with every token.
 */
export class Asking {
  /** With the model that is asked. */
  assistant: Assistant;
  readonly turn: OpenTurn;
  end: StepEnd | undefined;
  readonly #run: Run;
  readonly #tools: readonly Tool[];
  readonly #interrupted: JoinedSignals;
  readonly #callOff: () => void;
  #next: { readonly model: Model; readonly request: ModelRequest } | undefined;
  #budgetTokens: number;
  #attempts = 0;

  constructor(run: Run, parts: { assistant: Assistant; turn: OpenTurn; tools: readonly Tool[]; remainingMs: number }) {
    this.assistant = parts.assistant;
    this.turn = parts.turn;
    this.#run = run;
    this.#tools = parts.tools;
    this.#budgetTokens = promptBudget(parts.assistant);
    const interrupted = joinSignals(run.leaving, run.stopping);
    this.#interrupted = interrupted;
    this.#callOff = run.ports.clock.after(parts.remainingMs, () => interrupted.abort("time" satisfies Interruption));
  }

  /** Makes the request; false when there is an `end`. Throws what the store throws. */
  async prepare(): Promise<boolean> {
    if (this.end !== undefined) return false;
    const { assistant, turn } = this;
    const run = this.#run;
    try {
      const model = await run.ports.models.of(assistant.model, run.id);
      const parts = stepParts({ assistant, turn, history: run.history, tools: this.#tools, facts: run.facts });
      this.#next = { model, request: await fittingRequest(run, parts, this.#budgetTokens) };
      return true;
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      this.end = { kind: "failed", error, text: "", calls: [], thoughts: undefined, usage: {}, durationMs: 0, firstTokenMs: undefined };
      return false;
    }
  }

  /** What the model says to the request that was prepared. Whoever drives it gives its end to `take`. */
  speak(): AsyncGenerator<Passing, StepEnd> {
    if (this.#next === undefined) throw new Error("A step was asked for before it was prepared.");
    const { turn, assistant } = this;
    const run = this.#run;
    const { model, request } = this.#next;
    const { clock } = run.ports;
    const place = { conversationId: run.id, turnId: turn.turnId, step: turn.steps };
    const terms = { signal: this.#interrupted.signal, now: () => clock.now(), maySpeak: () => run.begun() };
    const ahead = turn.steps === 0 ? run.ahead.take(run.id, assistant.model, request) : undefined;
    if (ahead === undefined) return modelStep(model, request, place, terms);
    return modelStep(ahead.model, request, place, { ...terms, aheadMs: ahead.aheadMs });
  }

  take(end: StepEnd): void {
    this.#attempts += 1;
    this.assistant = answeredBy(this.assistant, this.#next?.model);
    if (this.#next !== undefined) countCut(this.#run.ports, this.assistant, this.#next.request, end);
    const tooLong = end.kind === "failed" && end.error.kind === "context-overflow" && end.text === "";
    if (!tooLong || this.#attempts > SHRINKS || this.#next === undefined) this.end = end;
    else this.#budgetTokens = requestTokens(this.#next.request) / 2;
  }

  close(): void {
    this.#callOff();
    this.#interrupted.forget();
  }
}

/** A step says which model gave it, and costs what that costs. */
function answeredBy(assistant: Assistant, model: Model | undefined): Assistant {
  const by = model?.answeredBy?.();
  if (by === undefined) return assistant;
  const { prices: _, ...settings } = assistant.model;
  return { ...assistant, model: { ...settings, ...by } };
}
