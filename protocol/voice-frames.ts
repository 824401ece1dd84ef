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
import type { SpeechKind, VoiceEnd } from "./voice-events.ts";

export {
  ALIVE_EVERY_MS,
  CAPTURE_RATE,
  decodeVoiceFrame,
  encodeVoiceFrame,
  FRAME_OPUS,
  FRAME_PCM16,
  MOST_FRAME_BYTES,
  VOICE_PATH,
  type VoiceFrame,
} from "./voice-frame.ts";

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
   * What was said was interrupted: nothing after `untilMs` was heard, and what is left was dropped. The server answers
   * `hush`: audio that comes before it is of what was cut, and is dropped as well. `failed`: by nobody, it cannot be said.
   */
  z.object({ type: z.literal("cut"), untilMs: placeMs, by: z.enum(["speech", "button", "failed"]) }),
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

/**
 * What the call does at this moment, for its face. An answer is over when the call has thought, worked or spoken, and
 * listens again: while something is still to be said, it does not.
 */
export type VoicePhase = "listening" | "understanding" | "thinking" | "working" | "speaking";

/** What the server says. Clients pass over what they do not know. */
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
  /** The server is there: after `call-ready`, and every `ALIVE_EVERY_MS`. Pages are told nothing of pings. */
  | { readonly type: "alive" }
  | { readonly type: "call-end"; readonly reason: VoiceEnd }
  /** The call cannot begin. The socket closes after it. */
  | { readonly type: "refused"; readonly error: WireError };

/** `nothing-understood`: audio came, and no word. `not-heard`, `not-spoken`: that engine fails at this moment. */
export type VoiceTrouble = "nothing-understood" | "not-heard" | "not-spoken";
