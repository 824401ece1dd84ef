/** Says text aloud. Voice and speed are the engine's settings: no two engines have the same voices. */
export interface Speaking {
  /** Which engine it is, for people. */
  readonly name: string;
  /**
   * Says one piece of text, such as a sentence, as it is made: the first audio comes before the last is there. Ends its
   * request when the signal aborts or the reader leaves. Throws the signal's reason, or a `SpeechError`.
   */
  speak(text: string, options: SpeakOptions): AsyncIterable<SpokenAudio>;
}

export interface SpeakOptions {
  /** Such as `de` or `pt-BR`. Absent: that of the settings, or what the engine finds. */
  readonly language?: string | undefined;
  readonly signal: AbortSignal;
}

export interface SpokenAudio {
  /** Whole samples: PCM of 16 bits, little endian, one channel. Never empty. */
  readonly pcm: Uint8Array;
  /** Samples a second; the same in all of one text. */
  readonly sampleRate: number;
}
