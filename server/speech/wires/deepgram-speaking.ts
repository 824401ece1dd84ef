import { urlUnder } from "../../model/wires/url-under.ts";
import type { EngineAddress, SpeakingWire } from "./engine-wire.ts";
import { mainLanguage } from "./languages.ts";
import { PcmReader } from "./pcm-reader.ts";

export interface DeepgramSpeakingSettings extends EngineAddress {
  readonly who: string;
  readonly voice: string;
  readonly speed: number | undefined;
  readonly sampleRate: number;
}

/**
 * Deepgram's `/speak` over HTTP, whose answer is streamed as it is made (`SpeakV1Request` of @deepgram/sdk@5.13.0). Its
 * WebSocket would save a request for each sentence, and have to be cleared and counted for each interruption.
 */
export function deepgramSpeaking(settings: DeepgramSpeakingSettings): SpeakingWire {
  const { who, baseUrl, apiKey, speed, sampleRate } = settings;
  return {
    who,
    request: (text, language) => {
      const url = urlUnder(baseUrl, "/speak");
      url.searchParams.set("model", modelOf(settings, language));
      url.searchParams.set("encoding", "linear16");
      url.searchParams.set("container", "none");
      url.searchParams.set("sample_rate", String(sampleRate));
      if (speed !== undefined) url.searchParams.set("speed", String(speed));
      const headers = { "content-type": "application/json", ...(apiKey === undefined ? {} : { authorization: `Token ${apiKey}` }) };
      return { url, headers, body: JSON.stringify({ text }) };
    },
    reader: (headers) => new PcmReader(who, headers, sampleRate),
  };
}

/** A family, such as `aura-2`, is called with a voice and a language: `aura-2-thalia-en`. */
function modelOf({ model, voice }: DeepgramSpeakingSettings, language: string | undefined): string {
  return /^aura(?:-\d+)?$/.test(model) ? `${model}-${voice}-${mainLanguage(language ?? "en")}` : model;
}
