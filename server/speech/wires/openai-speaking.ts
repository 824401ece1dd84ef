import { urlUnder } from "../../model/wires/url-under.ts";
import type { EngineAddress, SpeakingWire } from "./engine-wire.ts";
import { PcmReader } from "./pcm-reader.ts";

export interface OpenAiSpeakingSettings extends EngineAddress {
  readonly who: string;
  readonly voice: string;
  readonly speed: number | undefined;
  /** Of the PCM, which does not say it itself. */
  readonly sampleRate: number;
}

/**
 * OpenAI's `/audio/speech`, as Kokoro-FastAPI, vLLM, LocalAI and gateways speak it. Asked for `pcm` and without
 * `stream_format`, which some of them refuse: the body is a stream anyway.
 */
export function openAiSpeaking({ who, baseUrl, apiKey, model, voice, speed, sampleRate }: OpenAiSpeakingSettings): SpeakingWire {
  return {
    who,
    request: (input) => ({
      url: urlUnder(baseUrl, "/audio/speech"),
      headers: { "content-type": "application/json", ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify({ model, voice, input, response_format: "pcm", ...(speed === undefined ? {} : { speed }) }),
    }),
    reader: (headers) => new PcmReader(who, headers, sampleRate),
  };
}
