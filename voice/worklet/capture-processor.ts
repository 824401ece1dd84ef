import type { CapturedPiece } from "./messages.ts";
import { scope } from "./worklet-scope.ts";

/** Of a piece. */
const PIECE_SECONDS = 0.02;
/** Samples of a quantum, where the input says nothing. */
const QUANTUM = 128;

/** Gathers what the microphone gives into pieces, and hands them to the page. */
export class CaptureProcessor extends scope.AudioWorkletProcessor<CapturedPiece, never> {
  readonly #length = Math.round(scope.sampleRate * PIECE_SECONDS);
  #piece = new Float32Array(this.#length);
  #filled = 0;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    // Without a channel its source has ended: nothing is to be heard.
    const samples = input?.[0] ?? new Float32Array(QUANTUM);
    for (let at = 0; at < samples.length;) {
      const taken = Math.min(this.#length - this.#filled, samples.length - at);
      this.#piece.set(samples.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#length) this.#hand(scope.currentFrame + at - this.#length);
    }
    return true;
  }

  #hand(frame: number): void {
    const samples = this.#piece;
    this.port.postMessage({ samples, frame }, [samples.buffer]);
    this.#piece = new Float32Array(this.#length);
    this.#filled = 0;
  }
}
