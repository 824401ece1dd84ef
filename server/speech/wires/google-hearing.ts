import * as z from "zod";
import { readFailure } from "../../model/transport/provider-failure.ts";
import { HEARING_RATE, SAMPLE_BYTES } from "../ports/hearing.ts";
import type { EngineAddress, SocketHearingWire, SocketNews, SocketReader } from "./engine-wire.ts";

const words = z.object({ text: z.string().nullish(), finished: z.boolean().nullish() }).nullish();
/** As google-transcription-model of @ai-sdk/google@4.0.121 reads it. */
const messageSchema = z.object({
  setupComplete: z.unknown().optional(),
  goAway: z.unknown().optional(),
  error: z.unknown().optional(),
  inputTranscription: words,
  serverContent: z.object({ interimInputTranscription: words, inputTranscription: words, turnComplete: z.boolean().nullish() }).nullish(),
});

const PATH = "google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
const KEEP_ALIVE_MS = 5_000;
const SILENCE_MS = 100;

/** Gemini's Live API with a model that only transcribes. The key is in the address, as Google documents it. */
export function googleHearing({ who, baseUrl, apiKey, model }: EngineAddress & { readonly who: string }): SocketHearingWire {
  const audio = (pcm: Uint8Array): string =>
    JSON.stringify({
      realtimeInput: { audio: { data: Buffer.from(pcm).toString("base64"), mimeType: `audio/pcm;rate=${HEARING_RATE}` } },
    });
  return {
    who,
    url: () => {
      const url = new URL(baseUrl);
      url.pathname = `${url.pathname.replace(/\/v\d+\w*\/?$/, "").replace(/\/$/, "")}/ws/${PATH}`;
      if (apiKey !== undefined) url.searchParams.set("key", apiKey);
      return url;
    },
    headers: {},
    opening: (language) => [
      JSON.stringify({
        setup: {
          model: model.includes("/") ? model : `models/${model}`,
          inputAudioTranscription: language === undefined ? {} : { languageCodes: [language] },
        },
      }),
    ],
    saysReady: true,
    audio,
    endTurn: JSON.stringify({ realtimeInput: { audioStreamEnd: true } }),
    isMuteOnSilence: true,
    keepAlive: audio(new Uint8Array((HEARING_RATE * SAMPLE_BYTES * SILENCE_MS) / 1000)),
    keepAliveMs: KEEP_ALIVE_MS,
    reader: () => new GoogleReader(),
  };
}

/** The words of a turn come in segments, each in pieces, with guesses before them. */
class GoogleReader implements SocketReader {
  #segments: string[] = [];
  #segment = "";
  #guess = "";

  read(message: string): SocketNews {
    const value = messageSchema.parse(JSON.parse(message));
    if (value.error !== undefined && value.error !== null) return { type: "failure", failure: readFailure(value) };
    if (value.setupComplete !== undefined) return { type: "ready" };
    if (value.goAway !== undefined) return { type: "leaving" };
    const content = value.serverContent;
    const piece = content?.inputTranscription ?? value.inputTranscription;
    const guess = content?.interimInputTranscription?.text;
    const isTurnOver = content?.turnComplete === true;
    if (!piece && !guess && !isTurnOver) return { type: "nothing" };
    if (guess) this.#guess = guess;
    if (piece?.text) {
      this.#segment += piece.text;
      this.#guess = "";
    }
    if (piece?.finished === true || isTurnOver) this.#endSegment();
    const text = [...this.#segments, this.#segment === "" ? this.#guess : this.#segment].map((one) => one.trim()).join(" ");
    return { type: "words", words: { text: text.trim() }, isWhole: isTurnOver };
  }

  nextTurn(): void {
    this.#segments = [];
    this.#segment = "";
    this.#guess = "";
  }

  #endSegment(): void {
    const text = this.#segment === "" ? this.#guess : this.#segment;
    if (text !== "") this.#segments.push(text);
    this.#segment = "";
    this.#guess = "";
  }
}
