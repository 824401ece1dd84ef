import type { EventDraft } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";
import { modelStep, type StepEnd } from "./model-step.ts";
import type { Model, PromptMessage } from "../ports/model.ts";
import type { SamplingAnswer, SamplingRequest } from "../ports/tools.ts";
import { promptTokens } from "../prompt/prompt.ts";
import { costOf } from "../ports/cost.ts";
import { cutAtBytes } from "../prompt/tool-text.ts";

export type SamplingEnded = Extract<EventDraft, { type: "sampling-ended" }>;

export interface SamplingPlace {
  readonly conversationId: string;
  readonly turnId: string;
  readonly callId: string;
  readonly requestId: string;
  readonly server: string;
}

export interface SamplingParts {
  readonly assistant: Assistant | undefined;
  readonly model: (assistant: Assistant) => Promise<Model>;
  /** What this call, and this answer, may still use. */
  readonly tokensLeft: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** How much of a prompt is kept for staff to read. */
const PROMPT_BYTES = 16_384;
const NOT_KEPT = "[The prompt was not kept.]";
/** Less than this is no answer. */
const LEAST_TOKENS = 16;

/**
 * Lets our model say something for a server: without tools, without a word of the conversation, and within what the
 * server's owner allows for one call. Never throws for what a model or a server does.
 */
export async function sample(place: SamplingPlace, request: SamplingRequest, parts: SamplingParts): Promise<SamplingEnded> {
  const { conversationId, ...ids } = place;
  const messages = promptOf(request);
  const prompt = isKept(request) ? promptText(messages) : NOT_KEPT;
  const base = { type: "sampling-ended", ...ids, prompt } as const;
  const refused = (cause: string): SamplingEnded => ({ ...base, outcome: "refused", cause });
  const { assistant, tokensLeft, signal, now } = parts;
  if (request.tokenBudget <= 0) return refused("Sampling is not allowed for this server.");
  if (assistant === undefined) return refused("The assistant was removed.");
  if (signal.aborted) return refused("The call was given up.");
  const promptSize = promptTokens(messages);
  const maxOutputTokens = Math.min(request.maxTokens, assistant.model.maxOutputTokens, tokensLeft - promptSize);
  if (maxOutputTokens < Math.min(LEAST_TOKENS, request.maxTokens))
    return refused(
      `The budget of ${request.tokenBudget} tokens for one call is used up; this would have needed ${promptSize} and an answer.`,
    );
  let model: Model;
  try {
    model = await parts.model(assistant);
  } catch (error) {
    return { ...base, outcome: "failed", cause: `The model cannot be used: ${error instanceof Error ? error.message : String(error)}` };
  }
  const end = await ask(
    model,
    { messages, tools: [], toolChoice: "none", maxOutputTokens },
    { conversationId, turnId: place.turnId, step: -1 },
    { signal, now },
  );
  // A provider that does not count, or a stream that broke, has used something all the same.
  const usage = {
    inputTokens: end.usage.inputTokens ?? promptSize,
    outputTokens: end.usage.outputTokens ?? promptTokens([{ role: "user", text: end.text }]),
  };
  const spent = { model: assistant.model.model, usage, ...costOf(usage, assistant.model.prices) };
  if (end.kind !== "finished" || end.reason === "refused")
    return { ...base, outcome: "failed", ...spent, ...(end.text === "" ? {} : { text: end.text }), cause: causeOf(end) };
  return {
    ...base,
    outcome: "ok",
    text: end.text,
    stopReason: end.reason === "length" ? "maxTokens" : "endTurn",
    ...spent,
  };
}

/** The answer as the server gets it. */
export function samplingAnswer(ended: Omit<SamplingEnded, "type">): SamplingAnswer {
  if (ended.outcome !== "ok") return { kind: "refused", cause: ended.cause ?? "The model gave no answer." };
  return { kind: "sampled", model: ended.model ?? "", text: ended.text ?? "", stopReason: ended.stopReason ?? "endTurn" };
}

export function tokensOf(ended: Pick<SamplingEnded, "usage">): number {
  return (ended.usage?.inputTokens ?? 0) + (ended.usage?.outputTokens ?? 0);
}

/** Whether what a server says to our model may be written down. */
export function isKept({ keep = "full" }: SamplingRequest): boolean {
  return keep === "full";
}

function promptText(messages: readonly PromptMessage[]): string {
  return cutAtBytes(messages.map((message) => `${message.role}: ${message.text}`).join("\n"), PROMPT_BYTES);
}

function promptOf({ system, messages }: SamplingRequest): PromptMessage[] {
  const said = messages.map(({ role, text }): PromptMessage => (role === "user" ? { role, text } : { role, text, toolCalls: [] }));
  return system === undefined ? said : [{ role: "system", text: system }, ...said];
}

async function ask(...step: Parameters<typeof modelStep>): Promise<StepEnd> {
  const parts = modelStep(...step);
  let next = await parts.next();
  while (next.done !== true) next = await parts.next();
  return next.value;
}

function causeOf(end: StepEnd): string {
  if (end.kind === "failed") return `The model failed: ${end.error.message}`;
  return end.kind === "interrupted" ? "The call was given up." : "The model refused to answer.";
}
