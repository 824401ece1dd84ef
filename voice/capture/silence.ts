/** So long nothing at all. */
const SILENT_MS = 2000;
/**
 * −140 dB: no room is that quiet, nor what noise suppression leaves of it. Zeros come out of the browser's filters as
 * something that fades away for seconds.
 */
const NOTHING = 1e-7;

/** Notices where a microphone gives nothing at all, which no event says. */
export class Silence {
  #zerosMs = 0;

  /** Whether it has given nothing for 2 s. */
  get isSilent(): boolean {
    return this.#zerosMs >= SILENT_MS;
  }

  hear(samples: Float32Array, durationMs: number): void {
    this.#zerosMs = samples.every((sample) => Math.abs(sample) < NOTHING) ? this.#zerosMs + durationMs : 0;
  }

  reset(): void {
    this.#zerosMs = 0;
  }
}
