/** OpenAI's chat-completions wire format, as far as the scripted model needs it. Unknown fields are ignored. */
import * as z from "zod";

const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() })), z.null()]).optional();
const toolCallSchema = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });

const messageSchema = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]), content: contentSchema }),
  z.object({ role: z.literal("user"), content: contentSchema }),
  z.object({ role: z.literal("assistant"), content: contentSchema, tool_calls: z.array(toolCallSchema).nullish() }),
  z.object({ role: z.literal("tool"), content: contentSchema, tool_call_id: z.string() }),
]);
export type WireMessage = z.infer<typeof messageSchema>;

export const completionRequestSchema = z.object({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

/** What a message says, whichever of the allowed forms its content has. */
export function textOf(message: WireMessage): string {
  const { content } = message;
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  return content.map((part) => part.text ?? "").join("");
}

/** Tokens used, counted roughly. */
export interface WireUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export type FinishReason = "stop" | "tool_calls";

/** A tool call as the model asks for it. */
export interface WireToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
}

/** The part of a streamed chunk that changes. */
export type Delta =
  | { readonly role: "assistant"; readonly content: "" }
  | { readonly content: string }
  | {
      readonly tool_calls: readonly [
        {
          readonly index: number;
          readonly id?: string;
          readonly type?: "function";
          readonly function: { readonly name?: string; readonly arguments: string };
        },
      ];
    };

/** What all chunks of one answer have in common. */
export interface AnswerHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** One `chat.completion.chunk` with a delta, or the last one with its finish reason. */
export function deltaChunk(head: AnswerHead, delta: Delta | Record<string, never>, finishReason: FinishReason | null): object {
  return { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] };
}

/** The chunk that `stream_options.include_usage` asks for: no choices, only the count. */
export function usageChunk(head: AnswerHead, usage: WireUsage): object {
  return { ...head, object: "chat.completion.chunk", choices: [], usage };
}

/** The whole answer in one piece, for a request that does not stream. */
export function completion(head: AnswerHead, text: string, calls: readonly WireToolCall[], usage: WireUsage): object {
  const toolCalls = calls.map((call) => ({ id: call.id, type: "function", function: { name: call.name, arguments: call.argumentsText } }));
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text === "" ? null : text, ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}) },
        logprobs: null,
        finish_reason: toolCalls.length > 0 ? "tool_calls" : "stop",
      },
    ],
    usage,
  };
}

/** An error as OpenAI answers it. */
export function wireError(message: string, type: string, code: string | null = null): object {
  return { error: { message, type, param: null, code } };
}
