import * as z from "zod";
import type { ModelRequest } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { fittingCallId } from "./call-id.ts";
import { cutDescription, streams, type Habits } from "./habits.ts";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { originOf } from "./origin.ts";
import { promptTurns, resultText, type PromptTurn } from "./prompt-turns.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import { cachedOf, tokenCount } from "./token-count.ts";
import { reasoningBefore, ReasoningItems } from "./reasoning-items.ts";
import { SCHEMA_RULES } from "./schema-rules.ts";
import { ToolCallPieces } from "./tool-call-pieces.ts";
import { ToolForms } from "./tool-forms.ts";
import type { EncodedRequest, Wire, WireSettings, WireReader } from "./wire.ts";

const WHO = "OpenAI";
/** OpenAI refuses a smaller limit. */
const LEAST_OUTPUT_TOKENS = 16;

/**
 * OpenAI's Responses (platform.openai.com/docs/api-reference/responses-streaming), the only one of its formats in which
 * its reasoning models take tools without further ado. Nothing is stored at OpenAI: the whole prompt goes with every
 * request, earlier reasoning encrypted with it.
 */
export function openAiResponses(options: WireSettings): Wire {
  return {
    who: WHO,
    format: "OpenAI Responses",
    encode: (request, habits) => encode(request, options, habits),
    reader: (request) => new ResponsesReader(originOf(options), formsOf(request), options.newId),
  };
}

function formsOf({ tools }: ModelRequest): ToolForms {
  return new ToolForms(tools, SCHEMA_RULES.openai);
}

function encode(request: ModelRequest, settings: WireSettings, habits: Habits): EncodedRequest {
  const { baseUrl, model, apiKey } = settings;
  const forms = formsOf(request);
  const { system, turns } = promptTurns(request.messages, forms, habits);
  const body = {
    model,
    stream: streams(request, habits),
    store: false,
    ...(habits.reasoningItems ? { include: ["reasoning.encrypted_content"] } : {}),
    max_output_tokens: Math.max(LEAST_OUTPUT_TOKENS, request.maxOutputTokens),
    ...(system === "" ? {} : { instructions: system }),
    input: turns.flatMap((turn) => inputItems(turn, originOf(settings))),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map((tool) => ({
            type: "function",
            name: tool.name,
            description: cutDescription(tool.description, habits),
            parameters: forms.schemaOf(tool),
            strict: false,
          })),
          tool_choice: request.toolChoice,
        }),
  };
  return {
    url: urlUnder(baseUrl, "/responses"),
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  };
}

function inputItems(turn: PromptTurn, origin: string): unknown[] {
  switch (turn.role) {
    case "user":
      return [{ role: "user", content: turn.text }];
    case "assistant": {
      const before = reasoningBefore(turn, origin);
      return [
        ...(turn.toolCalls.length === 0 ? [] : before(0)),
        ...(turn.text === "" ? [] : [{ role: "assistant", content: turn.text }]),
        ...turn.toolCalls.flatMap((call, index) => [
          ...(index === 0 ? [] : before(index)),
          {
            type: "function_call",
            call_id: fittingCallId(call.modelCallId),
            name: call.name,
            arguments: call.argumentsText.toWellFormed(),
          },
        ]),
      ];
    }
    case "results":
      return turn.results.map((result) => ({
        type: "function_call_output",
        call_id: fittingCallId(result.modelCallId),
        output: resultText(result),
      }));
  }
}

const responseSchema = z.object({
  status: z.string().nullish(),
  usage: z
    .object({
      input_tokens: tokenCount,
      output_tokens: tokenCount,
      input_tokens_details: z.object({ cached_tokens: tokenCount }).nullish().catch(undefined),
    })
    .nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  error: z.unknown().optional(),
});

const textEventSchema = z.object({ delta: z.string() });
const itemSchema = z.looseObject({
  type: z.string(),
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  arguments: z.string().nullish(),
});
const itemEventSchema = z.object({ item: itemSchema });
const contentSchema = z.object({ type: z.string(), text: z.string().nullish() });
const messageSchema = z.object({ type: z.literal("message"), content: z.array(contentSchema) });
/** The whole answer, where it did not come as a stream. */
const wholeSchema = z.object({ object: z.literal("response"), output: z.array(itemSchema) });
const endEventSchema = z.object({ response: responseSchema });
const typeSchema = z.object({ type: z.string() });

class ResponsesReader implements WireReader {
  readonly #of: string;
  readonly #calls: ToolCallPieces;
  readonly #reasoning = new ReasoningItems();
  #refused = false;

  constructor(of: string, forms: ToolForms, newId: () => string) {
    this.#of = of;
    this.#calls = new ToolCallPieces(forms, newId);
  }

  read(data: string, queue: PartQueue): void {
    if (data.trim() === "[DONE]") return;
    const event: unknown = JSON.parse(data);
    const { type } = typeSchema.parse(event);
    switch (type) {
      case "response.output_text.delta":
        queue.text(textEventSchema.parse(event).delta);
        return;
      case "response.refusal.delta":
      case "response.refusal.done":
        this.#refused = true;
        return;
      case "response.output_item.done":
        this.#item(itemEventSchema.parse(event).item);
        return;
      case "response.completed":
      case "response.incomplete":
        this.#finish(endEventSchema.parse(event).response, queue);
        return;
      case "response.failed":
        throw toModelError(readFailure({ error: endEventSchema.parse(event).response.error }), WHO);
      case "error":
        throw toModelError(readFailure(event), WHO);
      default:
    }
  }

  end(): void {
    // Only `response.completed` and `response.incomplete` end an answer.
  }

  whole(value: unknown, queue: PartQueue): boolean {
    const parsed = wholeSchema.safeParse(value);
    if (!parsed.success) return false;
    const response = responseSchema.parse(value);
    if (response.status === "failed") throw toModelError(readFailure({ error: response.error }), WHO);
    for (const item of parsed.data.output) {
      const message = messageSchema.safeParse(item);
      if (!message.success) this.#item(item);
      else
        for (const { type, text } of message.data.content)
          if (type === "refusal") this.#refused = true;
          else if (type === "output_text") queue.text(text ?? "");
    }
    this.#finish(response, queue);
    return true;
  }

  #item(item: z.infer<typeof itemSchema>): void {
    if (item.type === "reasoning") this.#reasoning.add(item, this.#calls.count);
    if (item.type !== "function_call") return;
    this.#calls.add({ id: item.call_id ?? undefined, name: item.name ?? undefined, argumentsText: item.arguments ?? undefined });
  }

  #finish(response: z.infer<typeof responseSchema>, queue: PartQueue): void {
    const why = response.incomplete_details?.reason;
    const cut = response.status === "incomplete" || (why !== undefined && why !== null);
    const refused = this.#refused || why === "content_filter";
    const thoughts = this.#reasoning.whole(this.#of);
    if (thoughts !== undefined) queue.thoughts(thoughts);
    if (!refused) this.#calls.release(queue, { cut });
    const reason = refused ? "refused" : this.#endOf(cut);
    const { input_tokens: inputTokens, output_tokens: outputTokens, input_tokens_details: details } = response.usage ?? {};
    queue.finish(reason, {
      ...(typeof inputTokens === "number" ? { inputTokens } : {}),
      ...(typeof outputTokens === "number" ? { outputTokens } : {}),
      ...cachedOf(inputTokens, details?.cached_tokens),
    });
  }

  #endOf(cut: boolean): FinishReason {
    if (cut) return "length";
    return this.#calls.empty ? "stop" : "tool-calls";
  }
}
