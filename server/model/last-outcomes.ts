import type { ModelSettings } from "../conversation/ports/assistant.ts";
import type { ModelOutcome, ModelTest } from "../conversation/ports/model-test.ts";
import { ModelError, type ModelErrorKind } from "../conversation/ports/model.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";

/** More than any server has assistants. */
const MOST_KEPT = 500;
/** A model that refuses one conversation answers the next one. */
const OF_ONE_CONVERSATION: ReadonlySet<ModelErrorKind> = new Set(["context-overflow", "refused"]);

/** How each model answered last, by what it was asked with: another key may be refused. Kept as long as the process runs. */
export class LastOutcomes {
  readonly #now: () => number;
  readonly #outcomes = new Map<string, ModelOutcome>();

  constructor(now: () => number) {
    this.#now = now;
  }

  of(settings: ModelSettings): ModelOutcome | undefined {
    return this.#outcomes.get(nameOf(settings));
  }

  answered(settings: ModelSettings): void {
    const before = this.of(settings);
    // Only a test asks whether it can use tools.
    this.#put(settings, { at: this.#now(), ...(before?.withoutTools === true ? { withoutTools: true } : {}) });
  }

  failed(settings: ModelSettings, error: unknown): void {
    if (!(error instanceof ModelError) || OF_ONE_CONVERSATION.has(error.kind)) return;
    this.#put(settings, { at: this.#now(), fault: { kind: error.kind, cause: error.message } });
  }

  tested(settings: ModelSettings, { status, exchanges }: ModelTest): void {
    const fault = exchanges.find((exchange) => exchange.fault !== undefined)?.fault;
    this.#put(settings, {
      at: this.#now(),
      ...(fault === undefined || status === "without-tools" ? {} : { fault }),
      ...(status === "without-tools" ? { withoutTools: true } : {}),
    });
  }

  #put(settings: ModelSettings, outcome: ModelOutcome): void {
    const name = nameOf(settings);
    this.#outcomes.delete(name);
    this.#outcomes.set(name, outcome);
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > MOST_KEPT && oldest !== undefined) this.#outcomes.delete(oldest);
  }
}

/** Not the key itself: this map outlives assistants whose key was taken away. */
function nameOf({ provider, model, baseUrl, apiKey }: ModelSettings): string {
  return JSON.stringify([provider, model.trim(), baseUrl, apiKey === undefined ? "" : sha256Hex(apiKey)]);
}
