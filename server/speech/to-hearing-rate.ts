import { HEARING_RATE, SAMPLE_BYTES } from "./ports/hearing.ts";

/**
 * Speech at another rate as engines are given it. Each sample is the mean of those that it stands for, or lies between
 * two: enough to hear it by, not to listen to.
 */
export function toHearingRate(pcm: Uint8Array, sampleRate: number): Uint8Array {
  if (sampleRate === HEARING_RATE) return pcm;
  const from = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const samples = Math.floor(from.length / SAMPLE_BYTES);
  const step = sampleRate / HEARING_RATE;
  const to = Buffer.alloc(Math.floor(samples / step) * SAMPLE_BYTES);
  const at = (index: number): number => from.readInt16LE(Math.min(samples - 1, index) * SAMPLE_BYTES);
  for (let index = 0; index * SAMPLE_BYTES < to.length; index++) {
    const begin = index * step;
    const first = Math.floor(begin);
    const last = Math.max(first + 1, Math.floor(begin + step));
    let sum = 0;
    if (step > 1) for (let one = first; one < last; one++) sum += at(one) / (last - first);
    else sum = at(first) + (at(first + 1) - at(first)) * (begin - first);
    to.writeInt16LE(Math.round(sum), index * SAMPLE_BYTES);
  }
  return to;
}
