import * as z from "zod";
import type { ModelRequest } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { fittingCallId } from "./call-id.ts";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { promptTurns, resultText, type PromptTurn } from "./prompt-turns.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import { tokenCount } from "./token-count.ts";
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
 * request, so earlier reasoning is not given back.
 */
export function openAiResponses(options: WireSettings): Wire {
  return {
    who: WHO,
    encode: (request) => encode(request, options),
    reader: (request) => new ResponsesReader(formsOf(request), options.newId),
  };
}

function formsOf({ tools }: ModelRequest): ToolForms {
  return new ToolForms(tools, SCHEMA_RULES.openai);
}

function encode(request: ModelRequest, { baseUrl, model, apiKey }: WireSettings): EncodedRequest {
  const forms = formsOf(request);
  const { system, turns } = promptTurns(request.messages, forms);
  const body = {
    model,
    stream: true,
    store: false,
    max_output_tokens: Math.max(LEAST_OUTPUT_TOKENS, request.maxOutputTokens),
    ...(system === "" ? {} : { instructions: system }),
    input: turns.flatMap(inputItems),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map((tool) => ({
            type: "function",
            name: tool.name,
            description: tool.description.toWellFormed(),
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

function inputItems(turn: PromptTurn): unknown[] {
  switch (turn.role) {
    case "user":
      return [{ role: "user", content: turn.text }];
    case "assistant":
      return [
        ...(turn.text === "" ? [] : [{ role: "assistant", content: turn.text }]),
        ...turn.toolCalls.map((call) => ({
          type: "function_call",
          call_id: fittingCallId(call.modelCallId),
          name: call.name,
          arguments: call.argumentsText.toWellFormed(),
        })),
      ];
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
  usage: z.object({ input_tokens: tokenCount, output_tokens: tokenCount }).nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  error: z.unknown().optional(),
});

const textEventSchema = z.object({ delta: z.string() });
const itemEventSchema = z.object({
  item: z.object({ type: z.string(), call_id: z.string().optional(), name: z.string().optional(), arguments: z.string().optional() }),
});
const endEventSchema = z.object({ response: responseSchema });
const typeSchema = z.object({ type: z.string() });

class ResponsesReader implements WireReader {
  readonly #calls: ToolCallPieces;
  #refused = false;

  constructor(forms: ToolForms, newId: () => string) {
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
      case "response.output_item.done": {
        const { item } = itemEventSchema.parse(event);
        if (item.type === "function_call") this.#calls.add({ id: item.call_id, name: item.name, argumentsText: item.arguments });
        return;
      }
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

  #finish(response: z.infer<typeof responseSchema>, queue: PartQueue): void {
    const why = response.incomplete_details?.reason;
    const cut = response.status === "incomplete" || (why !== undefined && why !== null);
    const refused = this.#refused || why === "content_filter";
    if (!refused) this.#calls.release(queue, { cut });
    const reason = refused ? "refused" : this.#endOf(cut);
    const { input_tokens: inputTokens, output_tokens: outputTokens } = response.usage ?? {};
    queue.finish(reason, {
      ...(typeof inputTokens === "number" ? { inputTokens } : {}),
      ...(typeof outputTokens === "number" ? { outputTokens } : {}),
    });
  }

  #endOf(cut: boolean): FinishReason {
    if (cut) return "length";
    return this.#calls.empty ? "stop" : "tool-calls";
  }
}
