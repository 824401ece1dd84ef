/** Events of voice calls: a customer talks with the assistant aloud. A part of the journal's vocabulary. */
import * as z from "zod";
import { actorSchema } from "./actor.ts";
import { idSchema } from "./identifiers.ts";

/**
 * Why the assistant said something aloud: its `answer`, a `filler` while a tool runs, the `question` of an approval, or
 * a `notice` of ours, such as that nothing was understood.
 */
export const speechKindSchema = z.enum(["answer", "filler", "question", "notice"]);
export type SpeechKind = z.infer<typeof speechKindSchema>;

/**
 * Why a call ended. `hung-up`: the customer. `left`: their page went and did not come back. `taken-over`: another tab
 * has it. `idle`: nobody spoke. `limit`: it was as long as a call may be. `engine`: speech can no longer be heard or
 * spoken. `assistant`: voice was turned off, or the assistant is gone. `person`: the conversation was closed, or the
 * staff ended the call. `stopping`: the server went down.
 */
export const voiceEndSchema = z.enum(["hung-up", "left", "taken-over", "idle", "limit", "engine", "assistant", "person", "stopping"]);
export type VoiceEnd = z.infer<typeof voiceEndSchema>;

const aloud = {
  voiceCallId: idSchema,
  kind: speechKindSchema,
  /** The answer that it belongs to. */
  turnId: idSchema.optional(),
  /** The model step whose text was said. */
  step: z.int().optional(),
  /** The approval that a `question` asks for. */
  approvalId: idSchema.optional(),
  /** Exactly what was heard of it, as it was written. */
  text: z.string(),
  /** From the end of the customer's speech: until the first audio left the server, and until it was heard. */
  firstAudioMs: z.number().optional(),
  firstHeardMs: z.number().optional(),
  /** How much of its audio was heard: so long before the event it began to be. */
  heardMs: z.number().optional(),
  /** How often the page ran out of audio, and for how long altogether. */
  underruns: z.int().optional(),
  underrunMs: z.number().optional(),
} as const;

export const voiceBodies = {
  "voice-call-started": z.object({
    voiceCallId: idSchema,
    by: actorSchema,
    via: z.enum(["page", "device"]),
    /** The customer was told that the call is recorded. Absent: it is not. */
    recorded: z.literal(true).optional(),
  }),
  "voice-call-ended": z.object({ voiceCallId: idSchema, reason: voiceEndSchema, durationMs: z.number(), cause: z.string().optional() }),
  /** What the assistant said aloud was heard to its end. */
  "speech-heard": z.object(aloud),
  /**
   * It was heard only in part. `unheard` is the rest, as far as it was written: nobody heard it. `cutBy`: the customer
   * spoke, or pressed, or the line was lost or the voice failed.
   */
  "speech-cut": z.object({ ...aloud, unheard: z.string(), cutBy: z.enum(["speech", "button", "lost"]) }),
} as const;

/** What a message that was spoken carries. */
export const spokenSchema = z.object({
  voiceCallId: idSchema,
  /** From the end of speech, in milliseconds: until the first partial transcript after it, and until the whole one. */
  partialMs: z.number().optional(),
  transcriptMs: z.number().optional(),
  /** How long the customer spoke. */
  speechMs: z.number().optional(),
  /** From 0 to 1, where the engine says it. */
  confidence: z.number().optional(),
  engine: z.string().optional(),
});
export type Spoken = z.infer<typeof spokenSchema>;
