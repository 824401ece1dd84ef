import * as z from "zod";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import { encodeForAnthropic } from "./anthropic-request.ts";
import { tokenCount } from "./token-count.ts";
import { ToolCallPieces } from "./tool-call-pieces.ts";
import type { Wire, WireSettings, WireReader } from "./wire.ts";

const WHO = "Anthropic";

/**
 * Anthropic's Messages (docs.anthropic.com/en/api/messages-streaming). Thinking is not asked for, and skipped where a
 * model thinks aloud unasked.
 */
export function anthropic(options: WireSettings): Wire {
  return { who: WHO, encode: (request) => encodeForAnthropic(request, options), reader: () => new MessagesReader(options.newId) };
}

const usageSchema = z.object({
  input_tokens: tokenCount,
  cache_creation_input_tokens: tokenCount,
  cache_read_input_tokens: tokenCount,
  output_tokens: tokenCount,
});

const eventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("content_block_delta"),
    index: z.int(),
    delta: z.object({ type: z.string(), text: z.string().optional(), partial_json: z.string().optional() }),
  }),
  z.object({
    type: z.literal("content_block_start"),
    index: z.int(),
    content_block: z.object({
      type: z.string(),
      text: z.string().optional(),
      id: z.string().optional(),
      name: z.string().optional(),
      input: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.object({ type: z.literal("message_start"), message: z.object({ usage: usageSchema.nullish() }) }),
  z.object({ type: z.literal("message_delta"), delta: z.object({ stop_reason: z.string().nullish() }), usage: usageSchema.nullish() }),
  z.object({ type: z.literal("message_stop") }),
  z.object({ type: z.literal("error"), error: z.unknown().optional() }),
]);
const SKIPPED = new Set(["ping", "content_block_stop"]);
const KNOWN = new Set(eventSchema.options.map((option) => option.shape.type.value as string));
const typeSchema = z.object({ type: z.string() });

const REASONS: Readonly<Record<string, FinishReason>> = {
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "refused",
};

class MessagesReader implements WireReader {
  readonly #newId: () => string;
  readonly #calls = new ToolCallPieces();
  #reason: FinishReason = "stop";
  #inputTokens: number | undefined;
  #outputTokens: number | undefined;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  read(data: string, queue: PartQueue): void {
    const value: unknown = JSON.parse(data);
    const { type } = typeSchema.parse(value);
    if (SKIPPED.has(type) || !KNOWN.has(type)) return;
    const event = eventSchema.parse(value);
    switch (event.type) {
      case "content_block_delta":
        if (event.delta.type === "text_delta") queue.text(event.delta.text ?? "");
        else if (event.delta.type === "input_json_delta") this.#calls.add({ index: event.index, argumentsText: event.delta.partial_json });
        return;
      case "content_block_start": {
        const block = event.content_block;
        if (block.type === "text") queue.text(block.text ?? "");
        else if (block.type === "tool_use") {
          const whole = block.input === undefined || Object.keys(block.input).length === 0 ? undefined : JSON.stringify(block.input);
          this.#calls.add({ index: event.index, id: block.id, name: block.name, argumentsText: whole });
        }
        return;
      }
      case "message_start":
        this.#count(event.message.usage);
        return;
      case "message_delta":
        this.#count(event.usage);
        if (event.delta.stop_reason) this.#reason = REASONS[event.delta.stop_reason] ?? "stop";
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

  /** Later counts are totals, not additions; what was read from or written to the cache is not in `input_tokens`. */
  #count(usage: z.infer<typeof usageSchema> | null | undefined): void {
    if (!usage) return;
    if (typeof usage.input_tokens === "number")
      this.#inputTokens = usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
    if (typeof usage.output_tokens === "number") this.#outputTokens = usage.output_tokens;
  }

  #finish(queue: PartQueue): void {
    if (this.#reason !== "refused") this.#calls.release(queue, { cut: this.#reason === "length", newId: this.#newId });
    queue.finish(this.#reason === "stop" && !this.#calls.empty ? "tool-calls" : this.#reason, {
      ...(this.#inputTokens === undefined ? {} : { inputTokens: this.#inputTokens }),
      ...(this.#outputTokens === undefined ? {} : { outputTokens: this.#outputTokens }),
    });
  }
}
