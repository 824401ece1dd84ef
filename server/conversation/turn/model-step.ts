import type { Usage } from "../../../protocol/events.ts";
import { ModelError, type Model, type ModelRequest, type Thoughts } from "../ports/model.ts";
import type { Interruption } from "../ports/tools.ts";
import type { Passing } from "./passing.ts";

export interface ModelCall {
  readonly modelCallId: string;
  readonly name: string;
  readonly argumentsText: string;
}

/** How a model step ended. `text` is what was said until then. */
export type StepEnd = {
  readonly text: string;
  readonly calls: readonly ModelCall[];
  /** What the model's server wants to see again with the calls. */
  readonly thoughts: Thoughts | undefined;
  readonly usage: Usage;
  readonly durationMs: number;
  readonly firstTokenMs: number | undefined;
  /** It was asked for so long before the step began. */
  readonly aheadMs?: number;
} & (
  | { readonly kind: "finished"; readonly reason: "stop" | "tool-calls" | "length" | "refused" }
  | { readonly kind: "interrupted"; readonly by: Interruption }
  | { readonly kind: "failed"; readonly error: ModelError }
);

export interface StepPlace {
  readonly conversationId: string;
  readonly turnId: string;
  readonly step: number;
}

/** More calls in one step are a fault, not a plan, and none of them is made. */
const MOST_CALLS = 64;
const CALL_ID_CHARACTERS = 256;

/** The same call under the same id: a server repeated itself, and the call is made once. */
function isSaidTwice(earlier: ModelCall, call: ModelCall): boolean {
  return earlier.modelCallId === call.modelCallId && earlier.name === call.name && earlier.argumentsText === call.argumentsText;
}

/** Results find their calls by these ids, so two different calls of a step never share one. */
function ownId({ modelCallId }: ModelCall, earlier: readonly ModelCall[]): string {
  const id = modelCallId.slice(0, CALL_ID_CHARACTERS);
  return earlier.some((other) => other.modelCallId === id) ? `${id}_${earlier.length}` : id;
}

export interface StepTerms {
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** The first word waits for this; nothing else does. */
  readonly maySpeak?: () => Promise<void>;
  /** The model was asked so long before. */
  readonly aheadMs?: number;
}

/**
 * Asks the model once: yields its text as it comes, returns the end with all of it. Never throws for what a model or a
 * network does.
 */
export async function* modelStep(
  model: Model,
  request: ModelRequest,
  place: StepPlace,
  { signal, now, maySpeak, aheadMs }: StepTerms,
): AsyncGenerator<Passing, StepEnd> {
  const begun = now();
  let text = "";
  let firstTokenMs: number | undefined;
  const calls: ModelCall[] = [];
  let thoughts: Thoughts | undefined;
  const early = aheadMs === undefined ? {} : { aheadMs };
  const sum = (usage: Usage = {}) => ({ text, calls, thoughts, usage, durationMs: now() - begun, firstTokenMs, ...early });
  try {
    for await (const part of model.stream(request, signal)) {
      if (signal.aborted) break;
      if (part.type === "text") {
        if (part.text === "") continue;
        if (firstTokenMs === undefined) {
          firstTokenMs = now() - begun;
          await maySpeak?.();
          if (signal.aborted) break;
        }
        const offset = text.length;
        text += part.text;
        yield { kind: "text", frame: { ...place, offset, text: part.text } };
      } else if (part.type === "thoughts") {
        thoughts = part.thoughts;
      } else if (part.type === "tool-call") {
        const call = { modelCallId: part.modelCallId, name: part.name, argumentsText: part.argumentsText };
        if (!calls.some((earlier) => isSaidTwice(earlier, call))) calls.push({ ...call, modelCallId: ownId(call, calls) });
        if (calls.length > MOST_CALLS)
          return { ...sum(), kind: "failed", error: new ModelError("broken", `The model wanted more than ${MOST_CALLS} calls at once.`) };
      } else {
        return { ...sum(part.usage), kind: "finished", reason: part.reason };
      }
    }
    if (!signal.aborted)
      return { ...sum(), kind: "failed", error: new ModelError("broken", "The model's stream ended without saying so.") };
  } catch (error) {
    if (!signal.aborted) return { ...sum(), kind: "failed", error: asModelError(error) };
  }
  return { ...sum(), kind: "interrupted", by: signal.reason as Interruption };
}

function asModelError(error: unknown): ModelError {
  return error instanceof ModelError ? error : new ModelError("broken", `The model's adapter failed: ${String(error)}`, { cause: error });
}
