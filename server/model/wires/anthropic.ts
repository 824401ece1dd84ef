import * as z from "zod";
import { ModelError } from "../../conversation/ports/model.ts";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import { anthropicForms, encodeForAnthropic } from "./anthropic-request.ts";
import { originOf } from "./origin.ts";
import { ThinkingBlocks } from "./thinking-blocks.ts";
import { cachedOf, tokenCount } from "./token-count.ts";
import { ToolCallPieces } from "./tool-call-pieces.ts";
import type { ToolForms } from "./tool-forms.ts";
import type { Wire, WireSettings, WireReader } from "./wire.ts";

const WHO = "Anthropic";

/**
 * Anthropic's Messages (docs.anthropic.com/en/api/messages-streaming). Thinking is not asked for; where a model thinks
 * all the same, nobody reads it, and it goes back with the calls that it led to.
 */
export function anthropic(options: WireSettings): Wire {
  return {
    who: WHO,
    format: "Anthropic Messages",
    encode: (request, habits) => encodeForAnthropic(request, options, habits),
    reader: ({ tools }) => new MessagesReader(originOf(options), anthropicForms(tools), options.newId),
  };
}

const usageSchema = z.object({
  input_tokens: tokenCount,
  cache_creation_input_tokens: tokenCount,
  cache_read_input_tokens: tokenCount,
  output_tokens: tokenCount,
});

const blockSchema = z.object({
  type: z.string(),
  text: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
  input: z.union([z.record(z.string(), z.unknown()), z.string()]).nullish(),
});
const messageSchema = z.object({
  type: z.literal("message"),
  content: z.array(blockSchema),
  stop_reason: z.string().nullish(),
  usage: usageSchema.nullish(),
});
const eventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("content_block_delta"),
    index: z.int(),
    delta: z.object({
      type: z.string(),
      text: z.string().nullish(),
      partial_json: z.string().nullish(),
      thinking: z.string().nullish(),
      signature: z.string().nullish(),
    }),
  }),
  z.object({ type: z.literal("content_block_start"), index: z.int(), content_block: blockSchema }),
  z.object({ type: z.literal("message_start"), message: z.object({ usage: usageSchema.nullish() }) }),
  z.object({ type: z.literal("message_delta"), delta: z.object({ stop_reason: z.string().nullish() }), usage: usageSchema.nullish() }),
  z.object({ type: z.literal("message_stop") }),
  z.object({ type: z.literal("error"), error: z.unknown().optional() }),
]);
const SKIPPED = new Set(["ping", "content_block_stop"]);
const KNOWN = new Set(eventSchema.options.map((option) => option.shape.type.value as string));
const typeSchema = z.object({ type: z.string() });

/** The ends of whole answers, and of those whose limit was reached. Any other end is a fault of the server. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "refused",
};

class MessagesReader implements WireReader {
  readonly #of: string;
  readonly #calls: ToolCallPieces;
  readonly #thoughts = new ThinkingBlocks();
  /** Arguments that came whole with the beginning of their call, by its index: good if no pieces follow. */
  readonly #arguments = new Map<number, string>();
  #reason: FinishReason = "stop";
  #inputTokens: number | undefined;
  #outputTokens: number | undefined;
  #cachedTokens: number | undefined;

  constructor(of: string, forms: ToolForms, newId: () => string) {
    this.#of = of;
    this.#calls = new ToolCallPieces(forms, newId);
  }

  read(data: string, queue: PartQueue): void {
    const value: unknown = JSON.parse(data);
    const { type } = typeSchema.parse(value);
    if (SKIPPED.has(type) || !KNOWN.has(type)) return;
    const event = eventSchema.parse(value);
    switch (event.type) {
      case "content_block_delta":
        if (event.delta.type === "text_delta") queue.text(event.delta.text ?? "");
        else if (event.delta.type === "thinking_delta" || event.delta.type === "signature_delta")
          this.#thoughts.more(event.index, event.delta);
        else if (event.delta.type === "input_json_delta") this.#more(event.index, event.delta.partial_json ?? "");
        return;
      case "content_block_start":
        this.#begin(event.index, event.content_block, queue);
        return;
      case "message_start":
        this.#count(event.message.usage);
        return;
      case "message_delta":
        this.#count(event.usage);
        if (event.delta.stop_reason) this.#ends(event.delta.stop_reason);
        return;
      case "message_stop":
        this.#finish(queue);
        return;
      case "error":
        throw toModelError(readFailure(event), WHO);
    }
  }

  end(): void {
    // Only `message_stop` ends an answer.
  }

  whole(value: unknown, queue: PartQueue): boolean {
    const parsed = messageSchema.safeParse(value);
    if (!parsed.success) return false;
    const { content, stop_reason: reason, usage } = parsed.data;
    for (const [index, block] of content.entries()) this.#begin(index, block, queue);
    this.#count(usage);
    if (reason) this.#ends(reason);
    this.#finish(queue);
    return true;
  }

  #begin(index: number, block: z.infer<typeof blockSchema>, queue: PartQueue): void {
    if (block.type === "text") queue.text(block.text ?? "");
    else if (block.type === "thinking" || block.type === "redacted_thinking") this.#thoughts.begin(index, block);
    else if (block.type === "tool_use") {
      this.#calls.add({ index, id: block.id || undefined, name: block.name || undefined });
      if (block.input) this.#arguments.set(index, typeof block.input === "string" ? block.input : JSON.stringify(block.input));
    }
  }

  #more(index: number, argumentsText: string): void {
    if (argumentsText === "") return;
    this.#arguments.delete(index);
    this.#calls.add({ index, argumentsText });
  }

  /** Later counts are totals, not additions; what was read from or written to the cache is not in `input_tokens`. */
  #count(usage: z.infer<typeof usageSchema> | null | undefined): void {
    if (!usage) return;
    if (typeof usage.input_tokens === "number")
      this.#inputTokens = usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
    if (typeof usage.output_tokens === "number") this.#outputTokens = usage.output_tokens;
    if (typeof usage.cache_read_input_tokens === "number") this.#cachedTokens = usage.cache_read_input_tokens;
  }

  #ends(word: string): void {
    const reason = REASONS[word];
    if (reason === undefined) throw new ModelError("broken", `${WHO} ended its answer with "${word.slice(0, 100)}".`);
    this.#reason = reason;
  }

  #finish(queue: PartQueue): void {
    for (const [index, argumentsText] of this.#arguments) if (argumentsText !== "{}") this.#calls.add({ index, argumentsText });
    const thoughts = this.#thoughts.whole(this.#of);
    if (thoughts !== undefined) queue.thoughts(thoughts);
    if (this.#reason !== "refused") this.#calls.release(queue, { cut: this.#reason === "length" });
    queue.finish(this.#reason === "stop" && !this.#calls.empty ? "tool-calls" : this.#reason, {
      ...(this.#inputTokens === undefined ? {} : { inputTokens: this.#inputTokens }),
      ...(this.#outputTokens === undefined ? {} : { outputTokens: this.#outputTokens }),
      ...cachedOf(this.#inputTokens, this.#cachedTokens),
    });
  }
}
