/** The rate of the audio that engines are given. */
export const HEARING_RATE = 16_000;
/** PCM of 16 bits, little endian, one channel. */
export const SAMPLE_BYTES = 2;

/** How long so many bytes of that audio sound, in milliseconds. */
export function heardMs(bytes: number): number {
  return (bytes / SAMPLE_BYTES / HEARING_RATE) * 1000;
}

/**
 * Turns what a customer says into text. There is no field for a prompt or for expected words, and there must be none: an
 * engine that expects "yes, approve it" hears it in a refusal (decision 0055).
 */
export interface Hearing {
  /** Which engine it is, for people. */
  readonly name: string;
  /** Begins to connect at once. What goes wrong comes out of `transcripts`. */
  open(options: HearingOptions): HearingSession;
}

export interface HearingOptions {
  /** Such as `de` or `pt-BR`. Absent: that of the settings, or what the engine finds. */
  readonly language?: string | undefined;
  /** Ends the session and its connection at once. */
  readonly signal: AbortSignal;
}

/**
 * The hearing of one call. A turn is what is sent up to `endTurn`; while nothing is sent the connection is kept, so a
 * muted customer loses nothing.
 */
export interface HearingSession {
  /** Audio as it comes: 16 kHz, PCM of 16 bits, little endian, one channel. Ignored after the end. */
  send(pcm: Uint8Array): void;
  /** The customer has finished. Exactly one `final` answers it. */
  endTurn(): void;
  /**
   * In their order, for one reader. Ends after `close`. Throws the signal's reason, or a `SpeechError`: the session is
   * over, and its connection closed.
   */
  readonly transcripts: AsyncIterable<Transcript>;
  /** Closes the engine's connection, within a second also where the engine does not answer. */
  close(): Promise<void>;
}

/** All that was understood of a turn so far. A `partial` may change; an empty `final` says that nothing was understood. */
export interface Transcript {
  readonly type: "partial" | "final";
  /** Counts the turns of the session, from 0. */
  readonly turn: number;
  readonly text: string;
  /** From 0 to 1. Absent: the engine does not say. */
  readonly confidence?: number;
}
