import { setTimeout as wait } from "node:timers/promises";
import type { Request, Response } from "express";
import { type Conversation, readConversation } from "./conversation.ts";
import type { Move, Wish } from "./move.ts";
import { missingTool, nextMove } from "./script.ts";
import {
  type AnswerHead,
  completion,
  completionRequestSchema,
  type Delta,
  deltaChunk,
  usageChunk,
  wireError,
  type WireToolCall,
  type WireUsage,
} from "./wire.ts";

/** How fast the scripted model speaks. */
export interface Pace {
  /** 0: as fast as it can be written. */
  readonly tokensPerSecond: number;
  /** How long it thinks before the first token. */
  readonly firstTokenMs: number;
}

/** What the endpoint takes from outside. */
export interface CompletionOptions extends Pace {
  readonly now: () => number;
  readonly newId: () => string;
}

interface Answer {
  readonly head: AnswerHead;
  readonly text: string;
  readonly calls: readonly WireToolCall[];
  readonly usage: WireUsage;
}

/** Answers `POST /v1/chat/completions`, streamed or in one piece. Stops as soon as the caller is gone. */
export async function answerCompletion(request: Request, response: Response, options: CompletionOptions): Promise<void> {
  const parsed = completionRequestSchema.safeParse(request.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    response.status(400).json(wireError(`${issue?.path.join(".") ?? "body"}: ${issue?.message ?? "invalid"}`, "invalid_request_error"));
    return;
  }
  const answer = compose(readConversation(parsed.data), JSON.stringify(parsed.data.messages).length, options);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    await wait(options.firstTokenMs, undefined, { signal: gone.signal });
    if (parsed.data.stream === true)
      await stream(response, answer, { pace: options, withUsage: parsed.data.stream_options?.include_usage === true, signal: gone.signal });
    else response.json(completion(answer.head, answer.text, answer.calls, answer.usage));
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

function compose(conversation: Conversation, promptLength: number, options: CompletionOptions): Answer {
  let move: Move = nextMove(conversation);
  let calls = nameCalls(move.wishes, conversation, options.newId);
  if (calls === undefined) {
    move = missingTool(conversation);
    calls = [];
  }
  const prompt = Math.ceil(promptLength / 4);
  const written = tokensOf(move.text).length + calls.reduce((sum, call) => sum + 8 + tokensOf(call.argumentsText).length, 0);
  return {
    head: { id: `chatcmpl-${options.newId()}`, created: Math.floor(options.now() / 1000), model: "scripted" },
    text: move.text,
    calls,
    usage: { prompt_tokens: prompt, completion_tokens: written, total_tokens: prompt + written },
  };
}

/** Finds each wished tool among the offered names; `undefined` if one is not offered. */
function nameCalls(wishes: readonly Wish[], conversation: Conversation, newId: () => string): WireToolCall[] | undefined {
  const calls: WireToolCall[] = [];
  for (const wish of wishes) {
    const name = conversation.offeredTools.find((offered) => offered === wish.tool || offered.endsWith(`__${wish.tool}`));
    if (name === undefined) return undefined;
    calls.push({ id: `call_${newId().replaceAll("-", "").slice(0, 24)}`, name, argumentsText: JSON.stringify(wish.arguments) });
  }
  return calls;
}

async function stream(
  response: Response,
  answer: Answer,
  how: { readonly pace: Pace; readonly withUsage: boolean; readonly signal: AbortSignal },
): Promise<void> {
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
  const send = (chunk: object): unknown =>
    response.write(`data: ${JSON.stringify(how.withUsage && !("usage" in chunk) ? { ...chunk, usage: null } : chunk)}\n\n`);
  const startedAt = performance.now();
  let sent = 0;
  for (const delta of deltasOf(answer)) {
    // Against the start and not against the last token: late timers must not make the stream slower than asked.
    const dueInMs = how.pace.tokensPerSecond === 0 ? 0 : startedAt + (sent * 1000) / how.pace.tokensPerSecond - performance.now();
    if (dueInMs > 1) await wait(dueInMs, undefined, { signal: how.signal });
    how.signal.throwIfAborted();
    send(deltaChunk(answer.head, delta, null));
    sent += 1;
  }
  send(deltaChunk(answer.head, {}, answer.calls.length > 0 ? "tool_calls" : "stop"));
  if (how.withUsage) send(usageChunk(answer.head, answer.usage));
  response.end("data: [DONE]\n\n");
}

function* deltasOf(answer: Answer): Generator<Delta> {
  yield { role: "assistant", content: "" };
  for (const token of tokensOf(answer.text)) yield { content: token };
  for (const [index, call] of answer.calls.entries()) {
    yield { tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] };
    for (const piece of tokensOf(call.argumentsText)) yield { tool_calls: [{ index, function: { arguments: piece } }] };
  }
}

/**
 * Pieces about as long as a language model's tokens: a space with up to five letters. Joined again they are the text.
 */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S{1,5}|\s+/gu) ?? [];
}
