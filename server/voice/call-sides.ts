import type { VoiceSettings } from "../conversation/ports/voice.ts";
import { voiceOfferOf } from "../conversation/ports/voice.ts";
import type { Clock } from "../foundation/clock.ts";
import { BrowserHearing } from "./browser-hearing.ts";
import { BrowserSpeaking } from "./browser-speaking.ts";
import { EngineHearing } from "./engine-hearing.ts";
import { EngineSpeaking } from "./engine-speaking.ts";
import type { CallLine, HearingNews, HearingSide, SpeakingNews, SpeakingSide, VoiceCallsPorts } from "./ports.ts";

/** What a call hears and speaks with. */
export interface CallSides {
  readonly hearing: HearingSide;
  readonly speaking: SpeakingSide;
}

export interface SidesPlace {
  readonly voice: VoiceSettings;
  readonly language: string | undefined;
  readonly line: () => CallLine | undefined;
  readonly clock: Clock;
  readonly hearingNews: HearingNews;
  readonly speakingNews: SpeakingNews;
}

export type OpenSides = (place: SidesPlace) => CallSides;

/** Engines of ours, or the browser's own, each for hearing and for speaking. */
export async function sidesOf(voice: VoiceSettings, speech: VoiceCallsPorts["speech"]): Promise<OpenSides> {
  const offer = voiceOfferOf(voice);
  const needsEngines = offer?.hearing === "server" || offer?.speaking === "server";
  const engines = needsEngines ? await speech(voice) : undefined;
  return ({ language, line, clock, hearingNews, speakingNews }) => ({
    hearing:
      engines === undefined || offer?.hearing === "browser"
        ? new BrowserHearing(clock, hearingNews)
        : new EngineHearing({ hearing: engines.hearing, clock }, hearingNews),
    speaking:
      engines === undefined || offer?.speaking === "browser"
        ? new BrowserSpeaking({ language, line, clock }, speakingNews)
        : new EngineSpeaking({ speaking: engines.speaking, language, line, clock }, speakingNews),
  });
}
