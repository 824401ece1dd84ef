/** So long nothing but zeros. A quiet room is never that quiet. */
const SILENT_MS = 2000;

/** Notices where a microphone gives nothing at all, which no event says. */
export class Silence {
  #zerosMs = 0;

  /** Whether it has given nothing for 2 s. */
  get isSilent(): boolean {
    return this.#zerosMs >= SILENT_MS;
  }

  hear(samples: Float32Array, durationMs: number): void {
    this.#zerosMs = samples.every((sample) => sample === 0) ? this.#zerosMs + durationMs : 0;
  }

  reset(): void {
    this.#zerosMs = 0;
  }
}
