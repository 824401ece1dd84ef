/**
 * The voice line: one WebSocket for each call, at `VOICE_PATH`. Text messages are JSON, one object each, as the schemas
 * here say; binary messages are audio behind a header of 12 bytes, little endian:
 *
 * | byte | what |
 * |---|---|
 * | 0 | version, 1 |
 * | 1 | type: 1 is PCM of 16 bits, one channel; 2 is one packet of Opus, one channel |
 * | 2–3 | flags: bit 0, the last frame of a stretch; bit 1, from before the start of speech |
 * | 4–7 | seq: counts the frames of this direction from 0; a gap is a lost frame |
 * | 8–11 | time in milliseconds: when its first sample was captured, by the sender's own clock; of the assistant's audio, its place in all that was sent in this call |
 *
 * Order: the client's first message is `call-open`, with the token of `call-start` of the customer line. The server
 * answers `call-ready`. Then both may send anything. A frame that does not fit ends the socket with 1008 and a reason.
 *
 * A program or a device has no page: it shows an API key with the upgrade (`Authorization: Bearer …`), names its
 * assistant in the query (`?assistant=KEY`), and its `call-open` has no token.
 */
import * as z from "zod";
import type { WireError } from "./errors.ts";
import { idSchema } from "./identifiers.ts";
import { speechKindSchema, type SpeechKind, type VoiceEnd } from "./voice-events.ts";

export const VOICE_PATH = "/voice";
export const VOICE_VERSION = 1;

export const FRAME_HEADER_BYTES = 12;
/** A longer message is refused. */
export const MOST_FRAME_BYTES = 16 * 1024;
/** Of the audio that a client sends as PCM, and of Opus once it is decoded. */
export const CAPTURE_RATE = 16_000;

export const FRAME_PCM16 = 1;
export const FRAME_OPUS = 2;
export const FLAG_LAST = 1;
export const FLAG_LOOKBACK = 2;

export interface VoiceFrame {
  readonly type: typeof FRAME_PCM16 | typeof FRAME_OPUS;
  readonly flags: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly audio: Uint8Array;
}

export function encodeVoiceFrame({ type, flags, seq, timeMs, audio }: VoiceFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + audio.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VOICE_VERSION);
  view.setUint8(1, type);
  view.setUint16(2, flags, true);
  view.setUint32(4, seq, true);
  view.setUint32(8, Math.round(timeMs) >>> 0, true);
  bytes.set(audio, FRAME_HEADER_BYTES);
  return bytes;
}

/** What is wrong with it, or the frame; its audio is a view of these bytes. */
export function decodeVoiceFrame(bytes: Uint8Array): VoiceFrame | string {
  if (bytes.byteLength > MOST_FRAME_BYTES) return `A frame has at most ${MOST_FRAME_BYTES} bytes.`;
  if (bytes.byteLength <= FRAME_HEADER_BYTES) return `A frame has a header of ${FRAME_HEADER_BYTES} bytes, and audio.`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== VOICE_VERSION) return `The frame is of version ${view.getUint8(0)}, not ${VOICE_VERSION}.`;
  const type = view.getUint8(1);
  if (type !== FRAME_PCM16 && type !== FRAME_OPUS) return `There is no frame of type ${type}.`;
  const audio = bytes.subarray(FRAME_HEADER_BYTES);
  if (type === FRAME_PCM16 && audio.byteLength % 2 !== 0) return "PCM of 16 bits has an even number of bytes.";
  return { type, flags: view.getUint16(2, true), seq: view.getUint32(4, true), timeMs: view.getUint32(8, true), audio };
}

const placeMs = z.number().min(0).max(0xffff_ffff);

/** What a client says. Times `atMs` are by the clock of its capture, as in its frames. */
export const voiceClientSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("call-open"),
    /** Of `call-start`. Absent: the socket came with an API key. */
    token: z.string().min(1).max(512).optional(),
    /** What the client can send besides PCM. */
    codecs: z
      .array(z.enum(["opus"]))
      .max(4)
      .default([]),
    /** The client says itself when somebody speaks (`speech`, `talk`). False: the server listens for it, as for devices. */
    activity: z.boolean().default(true),
  }),
  /** What voice activity heard. Audio is sent while somebody speaks, with what was kept from before the start. */
  z.object({
    type: z.literal("speech"),
    event: z.enum(["started", "paused", "resumed", "ended"]),
    atMs: placeMs,
    /** With `paused` and `ended`: where the last speech ended. */
    sinceMs: placeMs.optional(),
  }),
  /** Push-to-talk: the turn lasts as long as it is held. */
  z.object({ type: z.literal("talk"), held: z.boolean(), atMs: placeMs }),
  /** What was played until `untilMs` of the assistant's audio has been heard. */
  z.object({ type: z.literal("heard"), untilMs: placeMs }),
  /**
   * The assistant was interrupted: nothing after `untilMs` was heard, and what is left was dropped. The server answers
   * `hush`: audio that comes before it is of what was cut, and is dropped as well.
   */
  z.object({ type: z.literal("cut"), untilMs: placeMs, by: z.enum(["speech", "button"]) }),
  z.object({ type: z.literal("mute"), muted: z.boolean() }),
  /** Of the playback since the call began. */
  z.object({
    type: z.literal("stats"),
    underruns: z.int().min(0),
    underrunMs: z.number().min(0),
    bufferMs: z.number().min(0).optional(),
    outputLatencyMs: z.number().min(0).optional(),
  }),
  /** What the browser's own recogniser understood, where the assistant hears by it. */
  z.object({
    type: z.literal("transcript"),
    text: z.string().max(8000),
    final: z.boolean(),
    confidence: z.number().min(0).max(1).optional(),
  }),
  /** The browser's own voice: how much of a piece it has said, in UTF-16 code units of `text`. */
  z.object({ type: z.literal("spoke"), piece: z.int().min(0), characters: z.int().min(0), done: z.boolean() }),
  z.object({ type: z.literal("call-end") }),
]);
export type VoiceClientMessage = z.input<typeof voiceClientSchema>;
export type ParsedVoiceMessage = z.output<typeof voiceClientSchema>;

/** What the call does at this moment, for its face. */
export type VoicePhase = "listening" | "understanding" | "thinking" | "working" | "speaking";

/** What the server says. */
export type VoiceServerMessage =
  | {
      readonly type: "call-ready";
      readonly voiceCallId: string;
      readonly conversationId: string;
      /** What the client may send. */
      readonly codec: "pcm" | "opus";
      /** Who hears and who speaks: the server's engines, or the browser's own. */
      readonly hearing: "server" | "browser";
      readonly speaking: "server" | "browser";
      readonly language?: string;
      readonly recorded?: true;
      /** The call went on after its page was gone for a moment. */
      readonly resumed?: true;
    }
  | { readonly type: "phase"; readonly phase: VoicePhase }
  /** What is understood of what the customer says: a caption. `messageId`, with `final`: the message that it became. */
  | { readonly type: "understood"; readonly turn: number; readonly text: string; readonly final: boolean; readonly messageId?: string }
  /**
   * A piece begins, such as a sentence; audio that follows is its own. `fromMs`: its place in all audio of the call.
   * `text` is what is said, for captions, or for the browser's own voice. `turnId`, `step` as in the journal.
   */
  | {
      readonly type: "saying";
      readonly piece: number;
      readonly kind: SpeechKind;
      readonly text: string;
      readonly fromMs: number;
      readonly sampleRate: number;
      readonly turnId?: string;
      readonly approvalId?: string;
    }
  /** All audio of the piece was sent. */
  | { readonly type: "said"; readonly piece: number; readonly untilMs: number }
  /** What was not heard yet is dropped: the answer was stopped, somebody pressed a button, or it answers a `cut`. */
  | { readonly type: "hush" }
  /** An approval waits to be confirmed aloud: with these words and no others. Absent `phrase`: it waits for the button. */
  | { readonly type: "asking"; readonly approvalId: string; readonly phrase?: string }
  | { readonly type: "asked"; readonly approvalId: string }
  /** Something does not work; the call goes on. */
  | { readonly type: "trouble"; readonly code: VoiceTrouble }
  | { readonly type: "call-end"; readonly reason: VoiceEnd }
  /** The call cannot begin. The socket closes after it. */
  | { readonly type: "refused"; readonly error: WireError };

/** `nothing-understood`: audio came, and no word. `not-heard`, `not-spoken`: that engine fails at this moment. */
export type VoiceTrouble = "nothing-understood" | "not-heard" | "not-spoken";

export { idSchema as voiceCallIdSchema, speechKindSchema };
