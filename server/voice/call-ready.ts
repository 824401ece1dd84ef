import type { VoiceServerMessage } from "../../protocol/voice-frames.ts";
import { type VoiceSettings, voiceOfferOf } from "../conversation/ports/voice.ts";
import type { CallTicket } from "./call-tickets.ts";
import type { CallLine } from "./ports/call-line.ts";
import type { CallRecorder } from "./recording/call-recorder.ts";

/** A call as a page comes to it. */
export interface ReadyCall extends Pick<CallTicket, "voiceCallId" | "conversationId"> {
  readonly voice: VoiceSettings;
  readonly language: string | undefined;
  /** Present: it is recorded. */
  readonly recorder?: Pick<CallRecorder, "end"> | undefined;
}

export interface VoiceCallOf extends CallTicket, ReadyCall {}

/** What a page is told that has come to its call. `isBack`: it was there before, or another one was. */
export function callReady(
  { voiceCallId, conversationId, voice, language, recorder }: ReadyCall,
  { codec }: Pick<CallLine, "codec">,
  isBack: boolean,
): VoiceServerMessage {
  const { hearing = "server", speaking = "server" } = voiceOfferOf(voice) ?? {};
  return {
    type: "call-ready",
    voiceCallId,
    conversationId,
    codec,
    hearing,
    speaking,
    ...(language === undefined ? {} : { language }),
    ...(recorder === undefined ? {} : { recorded: true }),
    ...(isBack ? { resumed: true } : {}),
  };
}
