import * as z from "zod";
import type { SamplingAnswer, SamplingRequest } from "../../../conversation/ports/tools.ts";
import { plainLine } from "../../definitions/plain-text.ts";

const MESSAGES = 100;
const CHARACTERS = 200_000;

const textBlock = z.object({ type: z.literal("text"), text: z.string() });
const paramsSchema = z.object({
  messages: z
    .array(z.object({ role: z.enum(["user", "assistant"]), content: z.union([textBlock, z.array(textBlock)]) }))
    .min(1)
    .max(MESSAGES),
  systemPrompt: z.string().optional(),
  maxTokens: z.int().min(1),
  // Tools of the server's own would make our model act for it: not offered.
  tools: z.undefined().optional(),
  toolChoice: z.undefined().optional(),
});

/** Reads the parameters of a `sampling/createMessage`: texts only. Never throws. */
export function readSampling(params: unknown, tokenBudget: number): { readonly request: SamplingRequest } | { readonly refused: string } {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) return { refused: `it asks our model for more than a text (${plainLine(z.prettifyError(parsed.error), 200)})` };
  const { messages, systemPrompt, maxTokens } = parsed.data;
  const texts = messages.map(({ role, content }) => ({
    role,
    text: Array.isArray(content) ? content.map(({ text }) => text).join("\n") : content.text,
  }));
  const characters = texts.reduce((sum, { text }) => sum + text.length, systemPrompt?.length ?? 0);
  if (characters > CHARACTERS) return { refused: `it asks our model with more than ${CHARACTERS} characters` };
  return {
    request: { kind: "sampling", ...(systemPrompt === undefined ? {} : { system: systemPrompt }), messages: texts, maxTokens, tokenBudget },
  };
}

/** What our model said, as the server reads it (`CreateMessageResult`). */
export function samplingResult(answer: Extract<SamplingAnswer, { kind: "sampled" }>) {
  return {
    role: "assistant" as const,
    content: { type: "text" as const, text: answer.text },
    model: answer.model,
    stopReason: answer.stopReason,
  };
}
