import * as z from "zod";
import { ModelError, type ModelRequest } from "../../conversation/ports/model.ts";
import type { FinishReason, PartQueue } from "./part-queue.ts";
import { readFailure, toModelError } from "../transport/provider-failure.ts";
import { writeCallId } from "./gemini-call-id.ts";
import { encodeForGemini, geminiName } from "./gemini-request.ts";
import { cachedOf, tokenCount } from "./token-count.ts";
import type { Wire, WireSettings, WireReader } from "./wire.ts";

const WHO = "Google Gemini";

/** Gemini's `streamGenerateContent` as server-sent events (ai.google.dev/api/generate-content). */
export function gemini(options: WireSettings): Wire {
  return {
    who: WHO,
    format: "Google Gemini",
    encode: (request, habits) => encodeForGemini(request, options, habits),
    reader: (request) => new GeminiReader(request, options.newId),
  };
}

const chunkSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({
            parts: z
              .array(
                z.object({
                  text: z.string().nullish(),
                  thought: z.boolean().nullish(),
                  thoughtSignature: z.string().nullish(),
                  functionCall: z
                    .object({ id: z.string().nullish(), name: z.string(), args: z.record(z.string(), z.unknown()).nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finishReason: z.string().nullish(),
        finishMessage: z.string().nullish(),
      }),
    )
    .nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: z
    .object({
      promptTokenCount: tokenCount,
      toolUsePromptTokenCount: tokenCount,
      candidatesTokenCount: tokenCount,
      thoughtsTokenCount: tokenCount,
      cachedContentTokenCount: tokenCount,
    })
    .nullish(),
  error: z.unknown().optional(),
});
type Chunk = z.infer<typeof chunkSchema>;
/** What every answer has, and nothing else that a server may send. */
const answerSchema = z.union([z.object({ candidates: z.array(z.unknown()) }), z.object({ promptFeedback: z.looseObject({}) })]);
type Part = NonNullable<NonNullable<NonNullable<NonNullable<Chunk["candidates"]>[number]["content"]>["parts"]>[number]>;

const REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: "stop",
  // Google says STOP here; servers that imitate it say this.
  FUNCTION_CALL: "stop",
  MAX_TOKENS: "length",
  SAFETY: "refused",
  RECITATION: "refused",
  LANGUAGE: "refused",
  BLOCKLIST: "refused",
  PROHIBITED_CONTENT: "refused",
  SPII: "refused",
  IMAGE_SAFETY: "refused",
};

/** A call that Gemini's own parser could not read; another try mostly does. */
const ASK_AGAIN: ReadonlySet<string> = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"]);

class GeminiReader implements WireReader {
  readonly #newId: () => string;
  readonly #names: ReadonlyMap<string, string>;
  readonly #calls: { modelCallId: string; name: string; argumentsText: string }[] = [];
  #reason: FinishReason | undefined;
  #usage: Chunk["usageMetadata"];

  constructor(request: ModelRequest, newId: () => string) {
    this.#newId = newId;
    this.#names = new Map(request.tools.map(({ name }) => [geminiName(name), name]));
  }

  read(data: string, queue: PartQueue): void {
    const chunk = chunkSchema.parse(JSON.parse(data));
    if (chunk.error !== undefined && chunk.error !== null) throw toModelError(readFailure(chunk), WHO);
    this.#read(chunk, queue);
  }

  /** Without `alt=sse`, which some gateways drop, the same chunks come as a list. */
  whole(value: unknown, queue: PartQueue): boolean {
    const chunks = Array.isArray(value) ? value : [value];
    if (!chunks.some((chunk) => answerSchema.safeParse(chunk).success)) return false;
    for (const chunk of chunks) this.read(JSON.stringify(chunk), queue);
    this.end(queue);
    return true;
  }

  #read(chunk: Chunk, queue: PartQueue): void {
    if (chunk.usageMetadata) this.#usage = chunk.usageMetadata;
    if (chunk.promptFeedback?.blockReason) this.#reason = "refused";
    const candidate = chunk.candidates?.[0];
    if (candidate === undefined) return;
    for (const part of candidate.content?.parts ?? []) this.#part(part, queue);
    // Said in the middle of an answer, it says nothing.
    if (!candidate.finishReason || candidate.finishReason === "FINISH_REASON_UNSPECIFIED") return;
    const reason = REASONS[candidate.finishReason];
    if (reason === undefined) {
      const why = candidate.finishMessage ? `: ${candidate.finishMessage}` : "";
      const kind = ASK_AGAIN.has(candidate.finishReason) ? "overloaded" : "broken";
      throw new ModelError(kind, `${WHO} ended its answer with ${candidate.finishReason}${why}.`);
    }
    this.#reason ??= reason;
  }

  /** Gemini has no mark for the end: an answer is whole when it said why it ends and the stream was closed. */
  end(queue: PartQueue): void {
    if (this.#reason === undefined) return;
    if (this.#reason !== "refused") for (const call of this.#calls) queue.toolCall(call);
    const reason = this.#reason === "stop" && this.#calls.length > 0 ? "tool-calls" : this.#reason;
    queue.finish(reason, {
      ...total("inputTokens", this.#usage?.promptTokenCount, this.#usage?.toolUsePromptTokenCount),
      ...total("outputTokens", this.#usage?.candidatesTokenCount, this.#usage?.thoughtsTokenCount),
      ...cachedOf(this.#usage?.promptTokenCount, this.#usage?.cachedContentTokenCount),
    });
  }

  #part({ text, thought, thoughtSignature, functionCall }: Part, queue: PartQueue): void {
    if (text && thought !== true) queue.text(text);
    if (!functionCall) return;
    this.#calls.push({
      modelCallId: writeCallId(functionCall.id || `call_${this.#newId()}`, thoughtSignature ?? undefined),
      name: this.#names.get(functionCall.name) ?? functionCall.name,
      argumentsText: JSON.stringify(functionCall.args ?? {}),
    });
  }
}

function total(
  name: "inputTokens" | "outputTokens",
  first: number | null | undefined,
  second: number | null | undefined,
): Record<string, number> {
  return typeof first === "number" || typeof second === "number" ? { [name]: (first ?? 0) + (second ?? 0) } : {};
}
