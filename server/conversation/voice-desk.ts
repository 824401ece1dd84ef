import type { EventOf } from "../../protocol/events.ts";
import type { VoiceEnd } from "../../protocol/voice-events.ts";
import type { Customer, Written } from "./customer-desk.ts";

/** A voice call as it begins. */
export interface BegunCall {
  readonly conversationId: string;
  readonly voiceCallId: string;
  readonly via: "page" | "device";
  /** The customer was told that it is recorded. */
  readonly recorded?: true;
}

export interface EndedCall {
  readonly voiceCallId: string;
  readonly reason: VoiceEnd;
  readonly durationMs: number;
  /** For staff. */
  readonly cause?: string;
}

/** What was heard of what the assistant said aloud. */
export type HeardSpeech = Omit<EventOf<"speech-heard">, "seq" | "at"> | Omit<EventOf<"speech-cut">, "seq" | "at">;

/** What voice calls write into the journal. For the calls of this server, not for customers. */
export interface VoiceDesk {
  /** The customer talks from now on; makes the conversation where there is none. Throws `unknown-conversation`. */
  begun(customer: Customer, call: BegunCall): Promise<Written>;
  /** Nothing is written into a conversation that is gone. */
  ended(conversationId: string, call: EndedCall): Promise<void>;
  heard(conversationId: string, speech: HeardSpeech): Promise<void>;
}
