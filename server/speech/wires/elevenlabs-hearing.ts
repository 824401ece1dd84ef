import * as z from "zod";
import { readFailure } from "../../model/transport/provider-failure.ts";
import { urlUnder } from "../../model/wires/url-under.ts";
import { HEARING_RATE, SAMPLE_BYTES } from "../ports/hearing.ts";
import type { EngineAddress, SocketHearingWire, SocketNews, SocketReader } from "./engine-wire.ts";
import { mainLanguage } from "./languages.ts";

/** `ReceiveTranscription` of @elevenlabs/elevenlabs-js@2.73.0, in its spelling on the wire. */
const messageSchema = z.object({ message_type: z.string(), text: z.string().nullish(), error: z.string().nullish() });

/** What it says when a turn that was ended had nothing, or too little, in it. */
const NOTHING_HEARD = new Set(["insufficient_audio_activity", "commit_throttled"]);
const KEEP_ALIVE_MS = 5_000;
const SILENCE_MS = 100;

/** ElevenLabs' Scribe in real time; we say where a turn ends. It has no message for a muted customer: silence is sent. */
export function elevenLabsHearing({ who, baseUrl, apiKey, model }: EngineAddress & { readonly who: string }): SocketHearingWire {
  const chunk = (pcm: Uint8Array, commit: boolean): string =>
    JSON.stringify({
      message_type: "input_audio_chunk",
      audio_base_64: Buffer.from(pcm).toString("base64"),
      commit,
      sample_rate: HEARING_RATE,
    });
  return {
    who,
    url: (language) => {
      const url = urlUnder(baseUrl, "/speech-to-text/realtime");
      url.searchParams.set("model_id", model);
      url.searchParams.set("audio_format", `pcm_${HEARING_RATE}`);
      url.searchParams.set("commit_strategy", "manual");
      if (language !== undefined) url.searchParams.set("language_code", mainLanguage(language));
      return url;
    },
    headers: apiKey === undefined ? {} : { "xi-api-key": apiKey },
    opening: () => [],
    saysReady: true,
    audio: (pcm) => chunk(pcm, false),
    endTurn: chunk(new Uint8Array(0), true),
    isMuteOnSilence: false,
    keepAlive: chunk(new Uint8Array((HEARING_RATE * SAMPLE_BYTES * SILENCE_MS) / 1000), false),
    keepAliveMs: KEEP_ALIVE_MS,
    reader: () => new ElevenLabsReader(),
  };
}

class ElevenLabsReader implements SocketReader {
  #partial = "";

  read(message: string): SocketNews {
    const value: unknown = JSON.parse(message);
    const { message_type: type, text, error } = messageSchema.parse(value);
    switch (type) {
      case "session_started":
        return { type: "ready" };
      case "partial_transcript":
        this.#partial = text ?? "";
        return { type: "words", words: { text: this.#partial }, isWhole: false };
      case "committed_transcript":
      case "final_transcript":
        return { type: "words", words: { text: (text ?? "").trim() }, isWhole: true };
      case "session_time_limit_exceeded":
        return { type: "leaving" };
      default:
        if (NOTHING_HEARD.has(type)) return { type: "words", words: { text: this.#partial }, isWhole: true };
        if (error === undefined || error === null) return { type: "nothing" };
        return { type: "failure", failure: readFailure({ error: { type, message: error } }) };
    }
  }

  nextTurn(): void {
    this.#partial = "";
  }
}
