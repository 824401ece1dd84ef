import { type CallState, modeOf } from "../../call/call-state.ts";
import type { Words } from "../../words/types/words.ts";
import type { VoiceWords } from "../../words/types/voice-words.ts";
import { errorText } from "../foundation/error-text.ts";

/** Where the call stands, in two words. */
export function standText(state: CallState, words: VoiceWords): string {
  const { status, isMuted, isAudible, phase } = state;
  if (status === "starting") return words.connecting;
  if (status === "lost") return words.reconnecting;
  if (status !== "on") return words.voiceCall;
  if (isAudible) return words.phases.speaking;
  if (isMuted) return words.isMuted;
  // What is not heard yet is being made.
  if (phase === "speaking") return words.phases.thinking;
  return phase === "listening" && modeOf(state) === "push-to-talk" && !state.isHeld ? words.pushToTalk : words.phases[phase];
}

/** What has to be said beside it; empty while all is well. */
export function noteText(state: CallState, words: Words, voice: VoiceWords): string {
  const { status, fault, error, end, activity, asked, choices } = state;
  if (status === "asking") return voice.recorded;
  if (status === "elsewhere") return voice.elsewhere;
  if (status === "returned") return voice.goesOn;
  if (error !== undefined) return errorText(error, words, voice) ?? "";
  if (fault !== undefined) return voice.faults[fault];
  if (end !== undefined && end !== "hung-up") return voice.ends[end];
  if (status !== "on") return "";
  if (asked !== undefined) return asked.phrase === undefined ? voice.pressToApprove : voice.sayToApprove(asked.phrase);
  return activity === "loading" && choices.mode === "hands-free" ? voice.handsFreeComes : "";
}
