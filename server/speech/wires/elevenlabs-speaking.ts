import { urlUnder } from "../../model/wires/url-under.ts";
import type { EngineAddress, SpeakingWire } from "./engine-wire.ts";
import { mainLanguage } from "./languages.ts";
import { PcmReader } from "./pcm-reader.ts";

export interface ElevenLabsSpeakingSettings extends EngineAddress {
  readonly who: string;
  /** Its id. */
  readonly voice: string;
  readonly speed: number | undefined;
  readonly sampleRate: number;
}

/** ElevenLabs' streamed text to speech over HTTP (`StreamTextToSpeechRequest` of @elevenlabs/elevenlabs-js@2.73.0). */
export function elevenLabsSpeaking(settings: ElevenLabsSpeakingSettings): SpeakingWire {
  const { who, baseUrl, apiKey, model, voice, speed, sampleRate } = settings;
  // This model refuses to be told a language.
  const takesLanguage = !model.startsWith("eleven_multilingual") && !model.startsWith("eleven_monolingual");
  return {
    who,
    request: (text, language) => {
      const url = urlUnder(baseUrl, `/text-to-speech/${encodeURIComponent(voice)}/stream`);
      url.searchParams.set("output_format", `pcm_${sampleRate}`);
      const body = {
        text,
        model_id: model,
        ...(language === undefined || !takesLanguage ? {} : { language_code: mainLanguage(language) }),
        ...(speed === undefined ? {} : { voice_settings: { speed } }),
      };
      const headers = { "content-type": "application/json", ...(apiKey === undefined ? {} : { "xi-api-key": apiKey }) };
      return { url, headers, body: JSON.stringify(body) };
    },
    reader: (headers) => new PcmReader(who, headers, sampleRate),
  };
}
