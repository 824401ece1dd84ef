import * as z from "zod";
import { tokenCount } from "../../model/wires/token-count.ts";

const text = z.string().nullish();
const itemSchema = z.object({
  id: text,
  type: text,
  role: text,
  status: text,
  call_id: text,
  name: text,
  arguments: text,
});
export type ServerItem = z.output<typeof itemSchema>;

const responseSchema = z.object({
  id: text,
  status: text,
  status_details: z.object({ reason: text, error: z.unknown().optional() }).nullish(),
  output: z.array(itemSchema).nullish(),
  usage: z
    .object({
      input_tokens: tokenCount,
      output_tokens: tokenCount,
      input_token_details: z.object({ cached_tokens: tokenCount }).nullish().catch(undefined),
    })
    .nullish(),
});
export type ServerResponse = z.output<typeof responseSchema>;

const ofItem = { item_id: z.string() };
const ofResponse = { response_id: z.string() };
const delta = { ...ofItem, ...ofResponse, delta: z.string() };

/** What is read of what a Realtime session says, as `RealtimeServerEvent` of openai@7.59.0 has it. */
export const serverEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("session.created"), session: z.object({ expires_at: z.number().nullish().catch(undefined) }) }),
  z.object({ type: z.literal("error"), error: z.object({ type: text, code: text, message: text, event_id: text }) }),
  z.object({ type: z.literal("input_audio_buffer.committed"), ...ofItem, previous_item_id: text }),
  z.object({ type: z.literal("conversation.item.added"), item: itemSchema, previous_item_id: text }),
  z.object({ type: z.literal("conversation.item.input_audio_transcription.delta"), ...ofItem, delta: text }),
  z.object({ type: z.literal("conversation.item.input_audio_transcription.completed"), ...ofItem, transcript: z.string() }),
  z.object({ type: z.literal("conversation.item.input_audio_transcription.failed"), ...ofItem, error: z.unknown() }),
  z.object({ type: z.literal("response.created"), response: responseSchema }),
  z.object({ type: z.literal("response.output_item.added"), ...ofResponse, item: itemSchema }),
  z.object({ type: z.literal("response.output_item.done"), ...ofResponse, item: itemSchema }),
  z.object({ type: z.literal("response.output_audio_transcript.delta"), ...delta }),
  z.object({ type: z.literal("response.output_text.delta"), ...delta }),
  z.object({ type: z.literal("response.output_audio.delta"), ...delta }),
  z.object({ type: z.literal("response.done"), response: responseSchema }),
]);
export type ServerEvent = z.output<typeof serverEventSchema>;

const typeSchema = z.object({ type: z.string() });
const READ = new Set<string>(serverEventSchema.options.map((option) => option.shape.type.value));

/** Undefined: nothing that we read. Throws for what is no event. */
export function readServerEvent(message: string): ServerEvent | undefined {
  const value: unknown = JSON.parse(message);
  const { type } = typeSchema.parse(value);
  return READ.has(type) ? serverEventSchema.parse(value) : undefined;
}
