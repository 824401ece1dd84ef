import { MEASURED_TURN } from "../../voice/activity/turn-settings.ts";
import type { TurnTimes, VoiceSettings } from "../conversation/ports/voice.ts";
import { voiceOfferOf } from "../conversation/ports/voice.ts";
import type { Clock } from "../foundation/clock.ts";
import type { CallRecorder } from "./recording/call-recorder.ts";
import { BrowserHearing } from "./hearing/browser-hearing.ts";
import { BrowserSpeaking } from "./speaking/browser-speaking.ts";
import { EngineHearing } from "./hearing/engine-hearing.ts";
import { EngineSpeaking } from "./speaking/engine-speaking.ts";
import type { CallLine } from "./ports/call-line.ts";
import type { HearingNews, HearingSide } from "./ports/hearing-side.ts";
import type { SpeakingNews, SpeakingSide } from "./ports/speaking-side.ts";
import type { VoiceCallsPorts } from "./ports.ts";

/** What a call hears and speaks with. */
export interface CallSides {
  hearing(news: HearingNews): HearingSide;
  speaking(news: SpeakingNews): SpeakingSide;
}

export interface SidesPlace {
  readonly language: string | undefined;
  /** Where the page is at this moment; undefined: nowhere. */
  readonly line: () => CallLine | undefined;
  readonly clock: Clock;
  /** Whether what the customer says next is an answer to an approval. */
  readonly isAsking: () => boolean;
  /** Absent: the call is not recorded. */
  readonly recorder?: CallRecorder | undefined;
}

export type OpenSides = (place: SidesPlace) => CallSides;

/** Engines of ours, or the browser's own, each for hearing and for speaking. */
export async function sidesOf(voice: VoiceSettings, conversationId: string, speech: VoiceCallsPorts["speech"]): Promise<OpenSides> {
  const offer = voiceOfferOf(voice);
  const needsEngines = offer?.hearing === "server" || offer?.speaking === "server";
  const engines = needsEngines ? await speech(voice, conversationId) : undefined;
  return ({ language, line, clock, isAsking, recorder }) => ({
    hearing: (news) =>
      engines === undefined || offer?.hearing === "browser"
        ? new BrowserHearing(clock, news)
        : new EngineHearing({ hearing: engines.hearing, clock, recorder, turns: () => turnsOf(voice.turns, isAsking()) }, news),
    speaking: (news) =>
      engines === undefined || offer?.speaking === "browser"
        ? new BrowserSpeaking({ language, line, clock }, news)
        : new EngineSpeaking({ speaking: engines.speaking, language, line, clock, recorder }, news),
  });
}

/** The phrase of an approval begins with a confirming word, and nobody is hurried who pauses after it. */
function turnsOf(turns: TurnTimes = {}, isAsking: boolean): TurnTimes {
  return isAsking ? { ...turns, confirmedMs: turns.endMs ?? MEASURED_TURN.endMs } : turns;
}
