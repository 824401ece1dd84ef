/** What the page and its audio worklets say to each other. Both come from one file, so no version can be another's. */

/** The names that the processors are registered with. */
export const CAPTURE = "frontdesk-capture";
export const PLAYBACK = "frontdesk-playback";

/** From the microphone: about 20 ms, one channel, at the rate of its context. */
export interface CapturedPiece {
  readonly samples: Float32Array;
  /** The place of the first sample among all of the context's. */
  readonly frame: number;
}

/**
 * To the loudspeaker. `play`: samples at the rate of its context, and their place in all audio of the call. `end`: what
 * was sent is whole up to this place, and nothing is waited for. `flush`: fade out, and drop what is left.
 */
export type PlaybackOrder =
  | { readonly type: "play"; readonly samples: Float32Array; readonly placeMs: number }
  | { readonly type: "end"; readonly placeMs: number }
  | { readonly type: "flush" };

/** From the loudspeaker, about every 20 ms while it plays, and at once where something changes. */
export interface PlaybackReport {
  /** By the context's clock, in seconds: when what is played from now on leaves it. */
  readonly at: number;
  /** What comes before this place was played until then. */
  readonly placeMs: number;
  readonly isPlaying: boolean;
  readonly bufferMs: number;
  /** How often audio ran out before its end, and for how long altogether. */
  readonly underruns: number;
  readonly underrunMs: number;
  /** This report answers an order to flush. */
  readonly flushed: boolean;
}
