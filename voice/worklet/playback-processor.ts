import { JitterBuffer } from "./jitter-buffer.ts";
import type { PlaybackOrder, PlaybackReport } from "./messages.ts";
import { scope } from "./worklet-scope.ts";

/** A report comes so often while something is played, */
const REPORT_SECONDS = 0.02;
/** and for so long after it: what was played last is heard only later, by a fifth of a second with Bluetooth. */
const AFTER_SECONDS = 2;

/** Plays what the page hands to it, and says how far it is. */
export class PlaybackProcessor extends scope.AudioWorkletProcessor<PlaybackReport, PlaybackOrder> {
  readonly #buffer = new JitterBuffer(scope.sampleRate);
  #reportedAt = 0;
  #playedAt = -Infinity;
  #wasPlaying = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#obey(data);
  }

  process(_inputs: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
    const channel = output?.[0];
    if (channel === undefined) return true;
    const seconds = channel.length / scope.sampleRate;
    const { placeMs } = this.#buffer;
    this.#buffer.read(channel);
    const at = scope.currentTime + seconds;
    const { isPlaying } = this.#buffer;
    if (isPlaying) this.#playedAt = at;
    // Between two reports the place moves as the time does: where it jumps, another is needed.
    const hasJumped = this.#buffer.placeMs - placeMs > 2 * seconds * 1000;
    const isDue = at - this.#reportedAt >= REPORT_SECONDS && at - this.#playedAt <= AFTER_SECONDS;
    if (isDue || hasJumped || isPlaying !== this.#wasPlaying) this.#report(at, false);
    this.#wasPlaying = isPlaying;
    return true;
  }

  #obey(order: PlaybackOrder): void {
    if (order.type === "play") this.#buffer.push(order.samples, order.placeMs);
    else {
      if (order.type === "end") this.#buffer.end(order.placeMs);
      else this.#buffer.flush();
      this.#report(scope.currentTime, order.type === "flush");
    }
  }

  #report(at: number, flushed: boolean): void {
    const { placeMs, isPlaying, bufferMs, underruns, underrunMs } = this.#buffer;
    this.#reportedAt = at;
    this.port.postMessage({ at, placeMs, isPlaying, bufferMs, underruns, underrunMs, flushed });
  }
}
