/** Says text aloud. Voice and speed are the engine's settings: no two engines have the same voices. */
export interface Speaking {
  /** Which engine it is, for people. */
  readonly name: string;
  /**
   * Says one piece of text, such as a sentence, as it is made: the first audio comes before the last is there. Ends its
   * request when the signal aborts or the reader leaves. Throws the signal's reason, or a `SpeechError`.
   */
  speak(text: string, options: SpeakOptions): AsyncIterable<SpokenAudio>;
  /**
   * Whoever listened was interrupted: so much of the audio of `piece` was heard, in milliseconds, and nothing of what
   * comes after it. Absent: nobody remembers what this voice said.
   */
  cut?(piece: WrittenPiece, heardMs: number): void;
  /** All of `piece` was heard: it will not be said again. Absent: nobody keeps what this voice said. */
  heard?(piece: WrittenPiece): void;
}

export interface SpeakOptions {
  /** Such as `de` or `pt-BR`. Absent: that of the settings, or what the engine finds. */
  readonly language?: string | undefined;
  readonly signal: AbortSignal;
  /** The piece of a model's answer that is said: the model may have spoken it itself. Absent: these are words of ours. */
  readonly piece?: WrittenPiece;
}

/** A piece of an answer as it was written. Known again by being the same object. */
export interface WrittenPiece {
  readonly written: string;
}

export interface SpokenAudio {
  /** Whole samples: PCM of 16 bits, little endian, one channel. Never empty. */
  readonly pcm: Uint8Array;
  /** Samples a second; the same in all of one text. */
  readonly sampleRate: number;
}
