import * as z from "zod";
import { readFailure } from "../../model/transport/provider-failure.ts";
import { urlUnder } from "../../model/wires/url-under.ts";
import type { SpokenAudio } from "../ports/speaking.ts";
import type { AudioReader, EngineAddress, SpeakingWire } from "./engine-wire.ts";
import { PcmReader } from "./pcm-reader.ts";
import { refusedBy, speechError } from "./speech-failure.ts";

export interface GoogleSpeakingSettings extends EngineAddress {
  readonly who: string;
  readonly voice: string;
}

const RATE = 24_000;
/** A minute is 4 MB in base64; a sentence is far shorter. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

const answerSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({ parts: z.array(z.object({ inlineData: z.object({ mimeType: z.string().nullish(), data: z.string() }).nullish() })) })
          .nullish(),
      }),
    )
    .nullish(),
  error: z.unknown().optional(),
});

/**
 * Gemini's speech by `generateContent` (google-speech-model of @ai-sdk/google@4.0.121): one answer for a text, so nothing
 * is heard before all of it is made. It has no speed.
 */
export function googleSpeaking({ who, baseUrl, apiKey, model, voice }: GoogleSpeakingSettings): SpeakingWire {
  return {
    who,
    request: (text, language) => ({
      url: urlUnder(baseUrl, `/models/${encodeURIComponent(model)}:generateContent`),
      headers: { "content-type": "application/json", ...(apiKey === undefined ? {} : { "x-goog-api-key": apiKey }) },
      body: JSON.stringify({
        contents: [{ role: "user", parts: [{ text }] }],
        generationConfig: {
          responseModalities: ["AUDIO"],
          speechConfig: {
            voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } },
            ...(language === undefined ? {} : { languageCode: language }),
          },
          ...(hasFormats(model) ? { responseFormat: { audio: { mimeType: "AUDIO_L16" } } } : {}),
        },
      }),
    }),
    reader: () => new InlineAudio(who),
  };
}

/** The older ones send L16 unasked, and refuse the field. */
function hasFormats(model: string): boolean {
  return !model.startsWith("gemini-2.5-") && !model.startsWith("gemini-3.1-");
}

class InlineAudio implements AudioReader {
  readonly #who: string;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(who: string) {
    this.#who = who;
  }

  push(bytes: Uint8Array): readonly SpokenAudio[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    if (this.#text.length > MOST_CHARACTERS) throw speechError("bad-audio", this.#who, "sent more than a sentence can be");
    return [];
  }

  end(): readonly SpokenAudio[] {
    const answer = answerSchema.parse(JSON.parse(this.#text));
    if (answer.error !== undefined) throw refusedBy(this.#who, readFailure(answer));
    const parts = answer.candidates?.[0]?.content?.parts ?? [];
    const audio = parts.flatMap(({ inlineData }) => inlineData ?? []);
    const pcm = new PcmReader(this.#who, { "content-type": audio[0]?.mimeType ?? "audio/L16" }, RATE);
    return [...audio.flatMap(({ data }) => pcm.push(Buffer.from(data, "base64"))), ...pcm.end()];
  }
}
