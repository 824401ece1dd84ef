/** A piece of audio as it is sent: samples, or what an encoder made of them. */
interface Piece<Audio> {
  readonly audio: Audio;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The last moments of audio, kept until it is known whether somebody spoke in them. Each piece is given out once, so
 * that the audio of two starts never holds the same sound twice.
 */
export class Lookback<Audio> {
  readonly #lengthMs: number;
  #pieces: Piece<Audio>[] = [];

  /** @param lengthMs how much is kept: what comes before a start, and what a start takes to be noticed */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Keeps a piece that follows those before it, and forgets what is too old. */
  keep(audio: Audio, fromMs: number, durationMs: number): void {
    const untilMs = fromMs + durationMs;
    this.#pieces.push({ audio, fromMs, untilMs });
    const old = this.#pieces.findIndex((piece) => piece.untilMs > untilMs - this.#lengthMs);
    if (old > 0) this.#pieces.splice(0, old);
  }

  /** Gives out, in order, all pieces with a sound after `fromMs`, and forgets the others. */
  take(fromMs: number): readonly Audio[] {
    const taken = this.#pieces.filter(({ untilMs }) => untilMs > fromMs);
    this.#pieces = [];
    return taken.map(({ audio }) => audio);
  }
}
