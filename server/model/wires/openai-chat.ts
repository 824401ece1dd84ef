import * as z from "zod";
import type { ModelRequest } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { fittingCallId } from "./call-id.ts";
import { objectSchema } from "./input-schema.ts";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { promptTurns, resultText, type PromptTurn } from "./prompt-turns.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import { tokenCount } from "./token-count.ts";
import { ToolCallPieces } from "./tool-call-pieces.ts";
import type { EncodedRequest, Wire, WireSettings, WireReader } from "./wire.ts";

/** Parts of a request that some servers of this format do not take; learnt from their refusals. */
interface Habits {
  usage: boolean;
  limit: "max_tokens" | "max_completion_tokens";
  toolChoice: boolean;
  reasoning: "default" | "none";
}

/**
 * OpenAI's Chat Completions, as Ollama, vLLM, llama.cpp, LM Studio, OpenRouter, Groq, DeepSeek, Mistral and gateways
 * speak it (platform.openai.com/docs/api-reference/chat-streaming).
 */
export function openAiChat(options: WireSettings): Wire {
  const habits: Habits = { usage: true, limit: "max_tokens", toolChoice: true, reasoning: "default" };
  const who = `The model server at ${options.baseUrl.host}`;
  return {
    who,
    encode: (request) => encode(request, options, habits),
    reader: () => new ChatReader(who, options.newId),
    adjust: (message) => adjust(habits, message),
  };
}

function adjust(habits: Habits, message: string): boolean {
  const before = JSON.stringify(habits);
  if (/stream_options|include_usage/.test(message)) habits.usage = false;
  else if (message.includes("max_completion_tokens")) habits.limit = "max_completion_tokens";
  else if (message.includes("reasoning_effort")) habits.reasoning = "none";
  else if (message.includes("tool_choice")) habits.toolChoice = false;
  return JSON.stringify(habits) !== before;
}

function encode(request: ModelRequest, { baseUrl, model, apiKey }: WireSettings, habits: Habits): EncodedRequest {
  const { system, turns } = promptTurns(request.messages);
  const silenced = request.toolChoice === "none";
  const offered = request.tools.length > 0 && !(silenced && !habits.toolChoice);
  const body = {
    model,
    stream: true,
    ...(habits.usage ? { stream_options: { include_usage: true } } : {}),
    [habits.limit]: request.maxOutputTokens,
    messages: [...(system === "" ? [] : [{ role: "system", content: system }]), ...turns.flatMap(chatMessages)],
    ...(offered
      ? {
          tools: request.tools.map(({ name, description, inputSchema }) => ({
            type: "function",
            function: { name, description: description.toWellFormed(), parameters: objectSchema(inputSchema) },
          })),
          ...(silenced ? { tool_choice: "none" } : {}),
        }
      : {}),
    ...(habits.reasoning === "none" ? { reasoning_effort: "none" } : {}),
  };
  return {
    url: urlUnder(baseUrl, "/chat/completions"),
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  };
}

function chatMessages(turn: PromptTurn): unknown[] {
  switch (turn.role) {
    case "user":
      return [{ role: "user", content: turn.text }];
    case "assistant":
      return [
        {
          role: "assistant",
          content: turn.text === "" && turn.toolCalls.length > 0 ? null : turn.text,
          ...(turn.toolCalls.length === 0
            ? {}
            : {
                tool_calls: turn.toolCalls.map((call) => ({
                  id: fittingCallId(call.modelCallId),
                  type: "function",
                  function: { name: call.name, arguments: call.argumentsText.toWellFormed() },
                })),
              }),
        },
      ];
    case "results":
      return turn.results.map((result) => ({
        role: "tool",
        tool_call_id: fittingCallId(result.modelCallId),
        content: resultText(result),
      }));
  }
}

const callSchema = z.object({
  index: z.int().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
const deltaSchema = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(callSchema).nullish(),
});
const chunkSchema = z.object({
  choices: z.array(z.object({ index: z.int().nullish(), finish_reason: z.string().nullish(), delta: deltaSchema.nullish() })).nullish(),
  usage: z.object({ prompt_tokens: tokenCount, completion_tokens: tokenCount }).nullish(),
  error: z.unknown().optional(),
});

const REASONS: Readonly<Record<string, FinishReason>> = { length: "length", content_filter: "refused" };

class ChatReader implements WireReader {
  readonly #who: string;
  readonly #newId: () => string;
  readonly #calls = new ToolCallPieces();
  #finished = false;
  #reason: FinishReason = "stop";
  #usage: { inputTokens?: number; outputTokens?: number } = {};

  constructor(who: string, newId: () => string) {
    this.#who = who;
    this.#newId = newId;
  }

  read(data: string, queue: PartQueue): void {
    if (data === "[DONE]") {
      this.#finished = true;
      this.#finish(queue);
      return;
    }
    const chunk = chunkSchema.parse(JSON.parse(data));
    if (chunk.error !== undefined && chunk.error !== null) throw toModelError(readFailure(chunk), this.#who);
    this.#count(chunk.usage);
    // One choice was asked for; what a server says in others is not this answer.
    const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
    if (choice === undefined) return;
    if (choice.delta) this.#take(choice.delta, queue);
    if (choice.finish_reason) {
      this.#finished = true;
      if (this.#reason === "stop") this.#reason = REASONS[choice.finish_reason] ?? "stop";
    }
  }

  #count(usage: z.infer<typeof chunkSchema>["usage"]): void {
    if (typeof usage?.prompt_tokens === "number") this.#usage.inputTokens = usage.prompt_tokens;
    if (typeof usage?.completion_tokens === "number") this.#usage.outputTokens = usage.completion_tokens;
  }

  #take(delta: z.infer<typeof deltaSchema>, queue: PartQueue): void {
    if (delta.content) queue.text(delta.content);
    if (delta.refusal) this.#reason = "refused";
    for (const piece of delta.tool_calls ?? [])
      this.#calls.add({
        index: piece.index ?? undefined,
        id: piece.id || undefined,
        name: piece.function?.name || undefined,
        argumentsText: piece.function?.arguments ?? undefined,
      });
  }

  /** Some servers leave `[DONE]` out; an answer that said why it ends is whole without it. */
  end(queue: PartQueue): void {
    if (this.#finished) this.#finish(queue);
  }

  #finish(queue: PartQueue): void {
    if (this.#reason !== "refused") this.#calls.release(queue, { cut: this.#reason === "length", newId: this.#newId });
    queue.finish(this.#reason === "stop" && !this.#calls.empty ? "tool-calls" : this.#reason, this.#usage);
  }
}
