import type { IncomingHttpHeaders } from "node:http";
import { SAMPLE_BYTES } from "../ports/hearing.ts";
import type { SpokenAudio } from "../ports/speaking.ts";
import { headerOf, refusedBy, speechError } from "./speech-failure.ts";
import type { AudioReader } from "./engine-wire.ts";
import { readFailure } from "../../model/transport/provider-failure.ts";

/** Enough to know every format, and the head of a WAV with what some programs write before the samples. */
const HEAD_BYTES = 12;
const WAV_HEAD_BYTES = 4_096;
const ERROR_BYTES = 64 * 1024;

/**
 * Reads an answer that should be raw PCM. Servers of OpenAI's format send other things under any type: what begins as a
 * WAV is read as one, with its own rate; a compressed file and an error in place of audio are told from PCM by their
 * first bytes.
 */
export class PcmReader implements AudioReader {
  readonly #who: string;
  readonly #type: string;
  #sampleRate: number;
  #form: "unknown" | "pcm" | "text" = "unknown";
  /** Bytes that are not passed on yet: a head, an error, or half a sample. */
  #held: Uint8Array = new Uint8Array(0);
  #heard = false;

  constructor(who: string, headers: IncomingHttpHeaders, sampleRate: number) {
    this.#who = who;
    this.#type = headerOf(headers, "content-type").toLowerCase();
    this.#sampleRate = rateIn(this.#type) ?? sampleRate;
    if (/^(?:application\/(?:problem\+)?json|text\/(?:html|event-stream))\b/.test(this.#type)) this.#form = "text";
  }

  push(bytes: Uint8Array): readonly SpokenAudio[] {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (this.#form === "text") {
      if (this.#held.length > ERROR_BYTES) throw this.#notAudio();
      return [];
    }
    if (this.#form === "unknown" && this.#held.length < HEAD_BYTES) return [];
    if (this.#form === "unknown") this.#recognise();
    return this.#form === "pcm" ? this.#samples() : [];
  }

  end(): readonly SpokenAudio[] {
    if (this.#form === "text") throw this.#notAudio();
    if (this.#form === "unknown") this.#recognise();
    const rest = this.#form === "pcm" ? this.#samples() : [];
    if (!this.#heard) throw speechError("broken", this.#who, "answered without audio");
    return rest;
  }

  #recognise(): void {
    const head = Buffer.from(this.#held);
    if (head.toString("latin1", 0, 4) === "RIFF") return this.#wav(head);
    const format = compressedFormat(head, this.#type);
    if (format !== undefined) throw speechError("bad-audio", this.#who, `sent ${format} instead of PCM`);
    this.#form = "pcm";
  }

  #wav(head: Buffer): void {
    const found = readWavHead(head);
    if (found === undefined) {
      if (head.length > WAV_HEAD_BYTES) throw speechError("bad-audio", this.#who, "sent a WAV without samples");
      return;
    }
    if (found.format !== 1 || found.bits !== 16 || found.channels !== 1 || found.sampleRate === 0)
      throw speechError(
        "bad-audio",
        this.#who,
        `sent a WAV of format ${found.format} with ${found.channels} channels of ${found.bits} bits`,
      );
    this.#sampleRate = found.sampleRate;
    this.#form = "pcm";
    this.#held = this.#held.subarray(found.samplesAt);
  }

  #samples(): readonly SpokenAudio[] {
    const whole = this.#held.length - (this.#held.length % SAMPLE_BYTES);
    if (whole === 0) return [];
    const pcm = this.#held.subarray(0, whole);
    this.#held = this.#held.subarray(whole);
    this.#heard = true;
    return [{ pcm, sampleRate: this.#sampleRate }];
  }

  #notAudio() {
    const text = Buffer.from(this.#held).toString("utf8");
    if (this.#type.startsWith("application/")) {
      const failure = readFailure(parsed(text), { text });
      return refusedBy(this.#who, failure);
    }
    return speechError("bad-audio", this.#who, `sent ${this.#type.replace(/;.*/, "")} instead of PCM`);
  }
}

/** `audio/L16;rate=24000` */
export function rateIn(type: string): number | undefined {
  const rate = /\brate=(\d{4,6})\b/.exec(type)?.[1];
  return rate === undefined ? undefined : Number(rate);
}

/** MP3 without a tag begins with bytes that PCM may have, too, so its type has to say so as well. */
function compressedFormat(head: Buffer, type: string): string | undefined {
  const four = head.toString("latin1", 0, 4);
  if (four.startsWith("ID3")) return "an MP3";
  if (four === "OggS") return "Ogg (Opus or Vorbis)";
  if (four === "fLaC") return "FLAC";
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a_45_df_a3) return "WebM";
  if (head.toString("latin1", 4, 8) === "ftyp") return "MP4";
  const sync = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (/mpeg|mp3/.test(type) && (sync & 0xff_e0) === 0xff_e0 && (sync & 0x06) !== 0) return "an MP3";
  if (/aac/.test(type) && (sync & 0xff_f6) === 0xff_f0) return "AAC";
  return undefined;
}

interface WavHead {
  readonly format: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
  readonly samplesAt: number;
}

/** Undefined: the samples' chunk has not come yet. A stream does not know its sizes, so none is believed. */
function readWavHead(head: Buffer): WavHead | undefined {
  let format: Omit<WavHead, "samplesAt"> | undefined;
  for (let at = HEAD_BYTES; at + 8 <= head.length;) {
    const name = head.toString("latin1", at, at + 4);
    const size = head.readUInt32LE(at + 4);
    if (name === "data") return { ...(format ?? { format: 0, channels: 0, sampleRate: 0, bits: 0 }), samplesAt: at + 8 };
    if (name === "fmt " && at + 24 <= head.length)
      format = {
        format: head.readUInt16LE(at + 8),
        channels: head.readUInt16LE(at + 10),
        sampleRate: head.readUInt32LE(at + 12),
        bits: head.readUInt16LE(at + 22),
      };
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
