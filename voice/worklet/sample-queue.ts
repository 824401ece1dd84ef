interface Chunk {
  readonly samples: Float32Array;
  readonly placeMs: number;
}

/** Samples that wait to be played, each with its place in all audio of the call. */
export class SampleQueue {
  readonly #rate: number;
  #chunks: Chunk[] = [];
  /** Samples of the first chunk that were taken. */
  #taken = 0;
  #length = 0;
  /** The place where the last sample that was taken or left out ends. */
  placeMs = 0;

  /** @param rate samples per second */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** How many samples wait. */
  get length(): number {
    return this.#length;
  }

  push(samples: Float32Array, placeMs: number): void {
    if (samples.length === 0) return;
    this.#chunks.push({ samples, placeMs });
    this.#length += samples.length;
  }

  /** Takes as many samples as there is room for, or as there are, and returns how many. */
  take(output: Float32Array): number {
    const count = this.peek(output);
    this.skip(count);
    return count;
  }

  /** Copies them, and leaves them there. */
  peek(output: Float32Array): number {
    let [from, filled] = [this.#taken, 0];
    for (const { samples } of this.#chunks) {
      if (filled === output.length) break;
      const piece = samples.subarray(from, from + output.length - filled);
      output.set(piece, filled);
      filled += piece.length;
      from = 0;
    }
    return filled;
  }

  /** Leaves out the next samples, no more than wait. */
  skip(count: number): void {
    this.#length -= count;
    this.#taken += count;
    for (let first = this.#chunks[0]; first !== undefined && this.#taken > 0; first = this.#chunks[0]) {
      const at = Math.min(this.#taken, first.samples.length);
      this.placeMs = first.placeMs + (at / this.#rate) * 1000;
      if (this.#taken < first.samples.length) return;
      this.#taken -= first.samples.length;
      this.#chunks.shift();
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#taken = 0;
    this.#length = 0;
  }
}
