import { SAMPLE_BYTES } from "../ports/hearing.ts";
import { REALTIME_RATE } from "./client-events.ts";

/** A frame of 20 ms. */
const FRAME_BYTES = (REALTIME_RATE / 50) * SAMPLE_BYTES;
/** A stretch this quiet, beside the rest, is a pause. */
const QUIET_SHARE = 0.1;
/** A shorter pause is one inside a word. */
const LEAST_FRAMES = 4;

/**
 * Where somebody pauses in speech: the middle of the pause nearest to `near`, in bytes. Undefined: there is none. Between
 * two sentences there nearly always is one.
 */
export function quietPlace(pcm: Uint8Array, near: number): number | undefined {
  const levels: number[] = [];
  for (let at = 0; at + FRAME_BYTES <= pcm.length; at += FRAME_BYTES) levels.push(level(pcm.subarray(at, at + FRAME_BYTES)));
  const bound = Math.max(...levels) * QUIET_SHARE;
  const places: number[] = [];
  let from = 0;
  for (const [index, one] of [...levels, Number.POSITIVE_INFINITY].entries()) {
    if (one <= bound) continue;
    if (index - from >= LEAST_FRAMES) places.push((from + Math.floor((index - from) / 2)) * FRAME_BYTES);
    from = index + 1;
  }
  return places.toSorted((left, right) => Math.abs(left - near) - Math.abs(right - near))[0];
}

function level(pcm: Uint8Array): number {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let sum = 0;
  for (let at = 0; at < pcm.byteLength; at += SAMPLE_BYTES) sum += view.getInt16(at, true) ** 2;
  return Math.sqrt(sum / (pcm.byteLength / SAMPLE_BYTES));
}
