import * as z from "zod";
import { readFailure } from "../../model/transport/provider-failure.ts";
import { urlUnder } from "../../model/wires/url-under.ts";
import { HEARING_RATE } from "../ports/hearing.ts";
import type { EngineAddress, SocketHearingWire, SocketNews, SocketReader, Words } from "./engine-wire.ts";

/** `ListenV1Results` of @deepgram/sdk@5.13.0, and what else comes. */
const messageSchema = z.object({
  type: z.string(),
  start: z.number().nullish(),
  duration: z.number().nullish(),
  is_final: z.boolean().nullish(),
  from_finalize: z.boolean().nullish(),
  channel: z
    .object({ alternatives: z.array(z.object({ transcript: z.string(), confidence: z.number().nullish() })) })
    .nullish()
    // `UtteranceEnd` and `SpeechStarted` have numbers there.
    .catch(undefined),
});
type Message = z.infer<typeof messageSchema>;

/** Closed after 10 s without audio or this (1011, net0001). */
const KEEP_ALIVE_MS = 4_000;
/** Times of results are rounded. */
const TOLERANCE_MS = 50;

/** Deepgram's `/listen`, version 1: we say where a turn ends (`Finalize`), not its pauses. */
export function deepgramHearing({ who, baseUrl, apiKey, model }: EngineAddress & { readonly who: string }): SocketHearingWire {
  return {
    who,
    url: (language) => {
      const url = urlUnder(baseUrl, "/listen");
      const query = {
        model,
        encoding: "linear16",
        sample_rate: String(HEARING_RATE),
        channels: "1",
        interim_results: "true",
        punctuate: "true",
        endpointing: "false",
        language: language ?? (model.startsWith("nova-3") ? "multi" : "en"),
      };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url;
    },
    headers: apiKey === undefined ? {} : { authorization: `Token ${apiKey}` },
    opening: () => [],
    saysReady: false,
    audio: (pcm) => pcm,
    endTurn: JSON.stringify({ type: "Finalize" }),
    isMuteOnSilence: false,
    keepAlive: JSON.stringify({ type: "KeepAlive" }),
    keepAliveMs: KEEP_ALIVE_MS,
    goodbye: JSON.stringify({ type: "CloseStream" }),
    reader: () => new DeepgramReader(),
  };
}

/** Results are of a piece of the turn; each is final by itself. */
class DeepgramReader implements SocketReader {
  #pieces: { readonly text: string; readonly confidence: number | undefined }[] = [];

  read(message: string, { sentMs }: { readonly sentMs: number }): SocketNews {
    const value: unknown = JSON.parse(message);
    const parsed = messageSchema.parse(value);
    if (parsed.type === "Error") return { type: "failure", failure: readFailure(value) };
    if (parsed.type !== "Results" || isBefore(parsed, sentMs)) return { type: "nothing" };
    const best = parsed.channel?.alternatives[0];
    const piece = { text: best?.transcript ?? "", confidence: best?.confidence ?? undefined };
    const pieces = piece.text === "" ? this.#pieces : [...this.#pieces, piece];
    if (parsed.is_final === true) this.#pieces = pieces;
    return { type: "words", words: joined(pieces), isWhole: parsed.from_finalize === true };
  }

  nextTurn(): void {
    this.#pieces = [];
  }
}

/** What belongs to the turn before may still come. */
function isBefore({ start, duration }: Message, sentMs: number): boolean {
  if (typeof start !== "number" || typeof duration !== "number" || duration === 0) return false;
  return (start + duration) * 1000 <= sentMs + TOLERANCE_MS && sentMs > 0;
}

function joined(pieces: readonly { readonly text: string; readonly confidence: number | undefined }[]): Words {
  const text = pieces.map((piece) => piece.text).join(" ");
  const known = pieces.flatMap(({ confidence, text: { length } }) => (confidence === undefined ? [] : [{ confidence, length }]));
  const length = known.reduce((sum, one) => sum + one.length, 0);
  return length === 0 ? { text } : { text, confidence: known.reduce((sum, one) => sum + one.confidence * one.length, 0) / length };
}
