import type { VoicePhase } from "../../protocol/voice-frames.ts";
import type { ConversationWatch } from "./conversation-watch.ts";
import type { HearingSide } from "./ports/hearing-side.ts";
import type { SpeakingSide } from "./ports/speaking-side.ts";

/**
 * What a call does at this moment. Between two sentences it goes on to speak, and while something waits to be said it
 * does not listen yet: an answer is over when the call listens again.
 */
export function phaseOf(
  speaking: Pick<SpeakingSide, "isSpeaking" | "isOut">,
  hearing: Pick<HearingSide, "isOpen" | "isPending">,
  work: ConversationWatch["work"],
  before: VoicePhase | undefined,
): VoicePhase {
  if (speaking.isSpeaking) return "speaking";
  if (hearing.isOpen) return "listening";
  if (hearing.isPending) return "understanding";
  if (speaking.isOut && before === "speaking") return "speaking";
  if (work === "working" || work === "thinking") return work;
  return speaking.isOut ? "thinking" : "listening";
}
