import { randomBytes } from "node:crypto";
import * as z from "zod";
import { EventStreamReader } from "../../model/transport/event-stream.ts";
import { readFailure } from "../../model/transport/provider-failure.ts";
import { urlUnder } from "../../model/wires/url-under.ts";
import { HEARING_RATE } from "../ports/hearing.ts";
import type { EngineAddress, TurnHearingWire, TurnReader, Words } from "./engine-wire.ts";
import { mainLanguage } from "./languages.ts";
import { refusedBy } from "./speech-failure.ts";
import { wavOf } from "./wav.ts";

export interface OpenAiHearingSettings extends EngineAddress {
  readonly who: string;
  /** Whether the words are asked for as they are found. Servers that do not know it mostly ignore it, but not all do. */
  readonly asStream: boolean;
}

const logprobs = z.array(z.object({ logprob: z.number().nullish() })).nullish();
/** `Transcription` of openai@7.59.0; its `verbose_json` has these as well. */
const wholeSchema = z.object({ text: z.string(), logprobs });
/** `TranscriptionStreamEvent` of openai@7.59.0. */
const eventSchema = z.union([
  z.object({ type: z.literal("transcript.text.delta"), delta: z.string() }),
  z.object({ type: z.literal("transcript.text.done"), text: z.string(), logprobs }),
  z.object({ type: z.string() }),
]);
const errorSchema = z.union([z.object({ error: z.unknown() }), z.object({ type: z.literal("error") })]);
const MOST_CHARACTERS = 1024 * 1024;

/** OpenAI's `/audio/transcriptions`, as whisper.cpp, faster-whisper-server, vLLM, LocalAI and gateways speak it. */
export function openAiHearing(settings: OpenAiHearingSettings): TurnHearingWire {
  const { who, baseUrl, apiKey, model, asStream } = settings;
  return {
    who,
    request: (pcm, language) => {
      const fields: Record<string, string> = { model, response_format: "json", ...(asStream ? { stream: "true" } : {}) };
      if (language !== undefined) fields["language"] = mainLanguage(language);
      const form = multipart(fields, wavOf(pcm, HEARING_RATE));
      return {
        url: urlUnder(baseUrl, "/audio/transcriptions"),
        headers: { "content-type": form.type, ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
        body: form.body,
      };
    },
    reader: () => new TranscriptionReader(who),
  };
}

/** The first character says whether it is one JSON answer or a stream of events, whatever the type says. */
class TranscriptionReader implements TurnReader {
  readonly #who: string;
  readonly #events = new EventStreamReader();
  #form: "unknown" | "whole" | "events" = "unknown";
  #text = "";
  #pieces = "";
  #done: Words | undefined;
  readonly #decoder = new TextDecoder();

  constructor(who: string) {
    this.#who = who;
  }

  push(bytes: Uint8Array): readonly Words[] {
    if (this.#form === "unknown") {
      const first = Buffer.from(bytes).toString("latin1").trimStart()[0];
      if (first !== undefined) this.#form = first === "{" || first === "<" ? "whole" : "events";
    }
    if (this.#form === "events") return this.#events.push(bytes).flatMap((data) => this.#event(data));
    this.#text += this.#decoder.decode(bytes, { stream: true });
    if (this.#text.length > MOST_CHARACTERS) throw new RangeError("the answer is too long");
    return [];
  }

  end(): Words | undefined {
    if (this.#form === "events") for (const data of this.#events.end()) this.#event(data);
    if (this.#form !== "whole") return this.#done;
    const value: unknown = JSON.parse(this.#text);
    this.#refuse(value);
    const { text, logprobs: told } = wholeSchema.parse(value);
    return { text, ...confidenceOf(told) };
  }

  #event(data: string): Words[] {
    if (data === "[DONE]") return [];
    const value: unknown = JSON.parse(data);
    this.#refuse(value);
    const event = eventSchema.parse(value);
    if ("delta" in event) {
      this.#pieces += event.delta;
      return [{ text: this.#pieces }];
    }
    if ("text" in event) this.#done = { text: event.text, ...confidenceOf(event.logprobs) };
    return [];
  }

  #refuse(value: unknown): void {
    if (errorSchema.safeParse(value).success) throw refusedBy(this.#who, readFailure(value));
  }
}

/** The mean of the tokens: a model's word for a word is not the engine's for the whole. */
function confidenceOf(told: z.infer<typeof logprobs>): Pick<Words, "confidence"> {
  const known = (told ?? []).flatMap(({ logprob }) => (typeof logprob === "number" ? [logprob] : []));
  if (known.length === 0) return {};
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  return { confidence: Math.min(1, Math.exp(mean)) };
}

/** RFC 7578. No field holds anything that a customer wrote. */
function multipart(fields: Readonly<Record<string, string>>, file: Uint8Array): { readonly type: string; readonly body: Uint8Array } {
  const boundary = `frontdesk-${randomBytes(16).toString("hex")}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="turn.wav"\r\nContent-Type: audio/wav\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join("") + head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
