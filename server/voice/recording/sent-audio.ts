import { fromPcm16, toPcm16 } from "../../../voice/activity/pcm16.ts";
import { Resampler } from "../../../voice/activity/resampler.ts";
import { RECORDING_RATE } from "../../conversation/ports/recordings.ts";
import { toMuLaw } from "./mu-law.ts";

/** More is not sent ahead of what is heard: what is older was heard, or never will be. */
const MOST_AHEAD = 60 * RECORDING_RATE;
/** Places of frames are whole milliseconds. */
const LEEWAY_MS = 2;

interface Sent {
  readonly audio: Uint8Array;
  readonly fromMs: number;
}

/** What was sent to the page and not heard there yet, as it will be kept. */
export class SentAudio {
  #sent: Sent[] = [];
  #samples = 0;
  #resampler: Resampler | undefined;
  #sampleRate = 0;
  /** The place after the last one. */
  #endMs = 0;

  /** PCM of 16 bits; `placeMs`: its place in all that was sent. */
  add(pcm16: Uint8Array, sampleRate: number, placeMs: number): void {
    const follows = sampleRate === this.#sampleRate && Math.abs(placeMs - this.#endMs) <= LEEWAY_MS;
    if (!follows || this.#resampler === undefined) {
      this.#resampler = new Resampler(sampleRate);
      this.#sampleRate = sampleRate;
      this.#endMs = placeMs;
    }
    const samples = sampleRate === RECORDING_RATE ? pcm16 : toPcm16(this.#resampler.resample([fromPcm16(pcm16)]));
    const audio = toMuLaw(samples);
    this.#keep({ audio, fromMs: this.#endMs });
    this.#endMs += (audio.length * 1000) / RECORDING_RATE;
  }

  /** What lies before this place, with the place of each. */
  take(untilMs: number): readonly Sent[] {
    const taken: Sent[] = [];
    for (let first = this.#sent[0]; first !== undefined && first.fromMs < untilMs; first = this.#sent[0]) {
      const count = Math.min(first.audio.length, Math.round(((untilMs - first.fromMs) * RECORDING_RATE) / 1000));
      if (count === 0) break;
      taken.push({ audio: first.audio.subarray(0, count), fromMs: first.fromMs });
      this.#samples -= count;
      if (count === first.audio.length) this.#sent.shift();
      else {
        this.#sent[0] = { audio: first.audio.subarray(count), fromMs: first.fromMs + (count * 1000) / RECORDING_RATE };
        break;
      }
    }
    return taken;
  }

  /** Nobody hears it any more. */
  drop(): void {
    this.#sent = [];
    this.#samples = 0;
    this.#resampler = undefined;
  }

  #keep(sent: Sent): void {
    this.#sent.push(sent);
    this.#samples += sent.audio.length;
    while (this.#samples > MOST_AHEAD) this.#samples -= this.#sent.shift()?.audio.length ?? this.#samples;
  }
}
