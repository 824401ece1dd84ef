import * as z from "zod";
import { ModelError } from "../../conversation/ports/model.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { ChatThoughts } from "./chat-thoughts.ts";
import { plainChatText } from "./plain-chat-text.ts";
import { ThoughtTags } from "./thought-tags.ts";
import { cachedOf, tokenCount } from "./token-count.ts";
import type { Habits } from "./habits.ts";
import { ToolCallPieces } from "./tool-call-pieces.ts";
import type { ToolForms } from "./tool-forms.ts";
import type { WireReader } from "./wire.ts";
import { WrittenCalls } from "./written-calls.ts";

/** Some servers number with texts, and name with numbers. */
const index = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,4}$/)
      .transform(Number),
  ])
  .nullish();
const id = z.union([z.string(), z.number().transform(String)]).nullish();
const callSchema = z.object({
  index,
  id,
  extra_content: z.unknown().optional(),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z.union([z.string(), z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value))]).nullish(),
    })
    .nullish(),
});
/** Mistral's thinking models write a list of parts; what is no text is not for the customer. */
const contentSchema = z.union([
  z.string(),
  z.array(z.object({ type: z.string(), text: z.unknown().optional() })).transform((parts) =>
    parts
      .filter(({ type, text }) => type === "text" && typeof text === "string")
      .map(({ text }) => text as string)
      .join(""),
  ),
]);
const deltaSchema = z.object({
  content: contentSchema.nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(callSchema).nullish(),
  reasoning_content: z.string().nullish().catch(null),
  reasoning: z.string().nullish().catch(null),
  reasoning_details: z.array(z.unknown()).nullish().catch(null),
});
const choiceSchema = z.object({
  index,
  finish_reason: z.string().nullish(),
  delta: deltaSchema.nullish(),
  /** In place of `delta` where the answer came whole. */
  message: deltaSchema.nullish(),
});
const chunkSchema = z.object({
  object: z.unknown().optional(),
  choices: z.array(choiceSchema).nullish(),
  usage: z
    .object({
      prompt_tokens: tokenCount,
      completion_tokens: tokenCount,
      prompt_tokens_details: z.object({ cached_tokens: tokenCount }).nullish().catch(undefined),
    })
    .nullish(),
  error: z.unknown().optional(),
  message: z.unknown().optional(),
  detail: z.unknown().optional(),
});
type Chunk = z.infer<typeof chunkSchema>;

/** The ends of whole answers, and of those whose limit was reached. Any other end is a fault of the server. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  tool_calls: "stop",
  function_call: "stop",
  // Text Generation Inference says these.
  eos_token: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  content_filter: "refused",
};

export interface ChatReaderParts {
  readonly who: string;
  /** Which model of which server answers. */
  readonly of: string;
  readonly forms: ToolForms;
  readonly calls: Habits["calls"];
  /** For calls that the server gives no id. */
  readonly newId: () => string;
}

/** Reads a streamed Chat Completion. */
export class ChatReader implements WireReader {
  readonly #who: string;
  readonly #of: string;
  readonly #calls: ToolCallPieces;
  readonly #thoughts = new ChatThoughts();
  readonly #tags = new ThoughtTags();
  /** Undefined: there are no tools, so nothing in the text can be a call. */
  readonly #written: WrittenCalls | undefined;
  readonly #newId: () => string;
  /** How this model was seen to make calls, before this answer and in it. */
  #way: Habits["calls"];
  #finished = false;
  #reason: FinishReason = "stop";
  #usage: { inputTokens?: number; outputTokens?: number; cachedTokens?: number } = {};

  constructor({ who, of, forms, calls, newId }: ChatReaderParts) {
    this.#who = who;
    this.#of = of;
    this.#calls = new ToolCallPieces(forms, newId);
    this.#written = forms.empty ? undefined : new WrittenCalls();
    this.#newId = newId;
    this.#way = calls;
  }

  get learnt(): Partial<Habits> | undefined {
    return this.#calls.empty ? undefined : { calls: this.#way };
  }

  read(data: string, queue: PartQueue): void {
    if (data.trim() === "[DONE]") {
      this.#finished = true;
      this.#finish(queue);
      return;
    }
    const value: unknown = JSON.parse(data);
    const plain = plainChatText(value);
    if (plain !== undefined) return queue.text(this.#shown(this.#tags.said(plain)));
    const chunk = chunkSchema.parse(value);
    if (isFailure(chunk)) throw toModelError(readFailure(chunk), this.#who);
    this.#read(chunk, queue);
  }

  /** It is complete, so it need not say why it ends. */
  whole(value: unknown, queue: PartQueue): boolean {
    const parsed = z.looseObject({ choices: z.array(z.unknown()).min(1) }).safeParse(value);
    if (!parsed.success) return false;
    this.#read(chunkSchema.parse(value), queue);
    this.#finish(queue);
    return true;
  }

  /** Some servers leave `[DONE]` out; an answer that said why it ends is whole without it. */
  end(queue: PartQueue): void {
    if (this.#finished) this.#finish(queue);
  }

  #read(chunk: Chunk, queue: PartQueue): void {
    this.#count(chunk.usage);
    // One choice was asked for; what a server says in others is not this answer.
    const choice = chunk.choices?.find((candidate) => (candidate.index ?? 0) === 0);
    if (choice === undefined) return;
    const said = choice.delta ?? choice.message;
    if (said) this.#take(said, queue);
    if (choice.finish_reason) this.#ends(choice.finish_reason);
  }

  #count(usage: Chunk["usage"]): void {
    if (typeof usage?.prompt_tokens === "number") this.#usage.inputTokens = usage.prompt_tokens;
    if (typeof usage?.completion_tokens === "number") this.#usage.outputTokens = usage.completion_tokens;
    Object.assign(this.#usage, cachedOf(this.#usage.inputTokens, usage?.prompt_tokens_details?.cached_tokens));
  }

  #take(delta: z.infer<typeof deltaSchema>, queue: PartQueue): void {
    if (delta.content) queue.text(this.#shown(this.#tags.said(delta.content)));
    if (delta.refusal) this.#reason = "refused";
    this.#thoughts.add(delta);
    for (const piece of delta.tool_calls ?? []) {
      const at = this.#calls.add({
        index: piece.index ?? undefined,
        id: piece.id || undefined,
        name: piece.function?.name || undefined,
        argumentsText: piece.function?.arguments ?? undefined,
      });
      this.#thoughts.addOfCall(at, piece.extra_content);
    }
  }

  #shown(text: string): string {
    return this.#written === undefined ? text : this.#written.said(text);
  }

  /** Made as any other call: one with an unknown name or broken arguments is refused, and the model told. */
  #readWritten(): void {
    for (const call of this.#written?.calls() ?? []) {
      if (call === undefined)
        throw new ModelError(
          "broken",
          `The model of ${this.#who} wrote a call into its text that cannot be read. Start the server with a parser for this model's calls.`,
        );
      this.#calls.add({ id: `call_${this.#newId()}`, ...call });
      this.#way = "in-text";
    }
  }

  #ends(word: string): void {
    const reason = REASONS[word];
    if (reason === undefined) throw new ModelError("broken", `${this.#who} ended its answer with "${word.slice(0, 100)}".`);
    this.#finished = true;
    if (this.#reason === "stop") this.#reason = reason;
  }

  #finish(queue: PartQueue): void {
    queue.text(this.#shown(this.#tags.rest()));
    if (this.#written !== undefined) queue.text(this.#written.rest());
    if (!this.#calls.empty) this.#way = "apart";
    else if (this.#reason === "stop" && this.#way !== "apart") this.#readWritten();
    const thoughts = this.#thoughts.whole(this.#of, this.#calls.ids);
    if (thoughts !== undefined) queue.thoughts(thoughts);
    if (this.#reason !== "refused") this.#calls.release(queue, { cut: this.#reason === "length" });
    queue.finish(this.#reason === "stop" && !this.#calls.empty ? "tool-calls" : this.#reason, this.#usage);
  }
}

/** Some servers put their error where an answer would be, with no `error` around it. */
function isFailure({ object, choices, error, message, detail }: Chunk): boolean {
  if (error !== undefined && error !== null) return true;
  return !choices && (object === "error" || typeof message === "string" || typeof detail === "string");
}
