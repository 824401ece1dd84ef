/** Recordings of voice calls, kept beside the journal. */

/** Samples a second of both sides. */
export const RECORDING_RATE = 16_000;
/** A piece of a recording is no longer, in samples. */
export const LONGEST_PIECE = 5 * RECORDING_RATE;
/** What is said later in a call is not recorded, in milliseconds. */
export const LONGEST_RECORDING_MS = 2 * 60 * 60_000;

export type RecordedSide = "customer" | "assistant";

/** A client makes the id of its call, so it is one only together with the conversation. */
export interface RecordingPlace {
  readonly conversationId: string;
  readonly voiceCallId: string;
}

export interface Recording extends RecordingPlace {
  /** When its first sample was, in milliseconds since 1970: when the call began. */
  readonly startedAt: number;
  /** As far as it is written. */
  readonly durationMs: number;
  /** Absent: the call is still under way, or the server went down in it. */
  readonly endedAt?: number;
}

/** A stretch in which one side was heard. What lies between pieces is silence. */
export interface RecordedPiece {
  readonly side: RecordedSide;
  /** The place of its first sample, from the beginning of the call on. */
  readonly from: number;
  /** A sample in each byte, as G.711 µ-law; one to `LONGEST_PIECE` of them. */
  readonly audio: Uint8Array;
}

/** Keeps recordings. Made by `store/`; its law is `test/contract/recordings.ts`. */
export interface Recordings {
  /** False: the conversation is not there, or is being erased. A recording that was begun before goes on. */
  begin(place: RecordingPlace, at: number): Promise<boolean>;
  /** In the order of their places, for each side. False: there is no such recording any more; nothing is kept. */
  append(place: RecordingPlace, pieces: readonly RecordedPiece[]): Promise<boolean>;
  /** It has this length, at least as long as its pieces reach. */
  end(place: RecordingPlace, at: number, durationMs: number): Promise<void>;
  find(place: RecordingPlace): Promise<Recording | undefined>;
  /** The oldest first. */
  listOf(conversationId: string): Promise<readonly Recording[]>;
  /** The pieces with a sample at or after `from` and before `to`, whole, in order of their places. */
  read(place: RecordingPlace, from: number, to: number): Promise<readonly RecordedPiece[]>;
}
