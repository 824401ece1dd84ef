import type { VoiceFrame, VoiceServerMessage } from "../../../protocol/voice-frames.ts";

/** The line to the caller's page or device. */
export interface CallLine {
  /** What the client may send; audio comes from it as PCM all the same. */
  readonly codec: "pcm" | "opus";
  say(message: VoiceServerMessage): void;
  frame(frame: VoiceFrame): void;
  /** Bytes that the network has not taken yet. */
  readonly waitingBytes: number;
  /** Says nothing more, and closes. Harmless when repeated. */
  close(): void;
}
