/** When somebody is heard. Times in milliseconds of audio; values from 0 to 1, as the network gives them. */
export interface VoiceSettings {
  /** A frame is speech from this value on, */
  readonly startAbove: number;
  /** and after a start until it falls below this one. */
  readonly endBelow: number;
  /** So long a frame after the other has to be speech for a start, */
  readonly startMs: number;
  /** and so long while the assistant speaks. */
  readonly stopMs: number;
  /** While the assistant speaks, so much speech is a doubt: its voice is lowered. */
  readonly doubtMs: number;
  /** In place of `startAbove` where echo is likely, */
  readonly guardedAbove: number;
  /** and in place of `stopMs`. */
  readonly guardedMs: number;
  /** So long after the assistant began to speak, echo is likely: the browser has not learnt yet to take it away. */
  readonly guardFirstMs: number;
  /** Quiet of this length is a pause. */
  readonly pauseMs: number;
  /** Quiet of this length ends speech: no less than the end of a turn ever waits for. */
  readonly endMs: number;
  /** So much before the first frame of speech belongs to it: soft first sounds. */
  readonly keptMs: number;
}

/** As measured: docs/voice.md. */
export const MEASURED_VOICE: VoiceSettings = {
  startAbove: 0.5,
  endBelow: 0.35,
  startMs: 64,
  stopMs: 96,
  doubtMs: 32,
  guardedAbove: 0.8,
  guardedMs: 160,
  guardFirstMs: 1500,
  pauseMs: 96,
  endMs: 1200,
  keptMs: 400,
};
