import type { ParsedVoiceMessage, VoiceFrame } from "../../../protocol/voice-frames.ts";

/** A turn of the customer, all of it. Times are the server's. */
export interface HeardTurn {
  /** Counts the turns of the call, from 0. */
  readonly turn: number;
  /** Empty: nothing was understood. */
  readonly text: string;
  readonly confidence?: number;
  readonly engine?: string;
  /** Where the speech began and ended. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** It may have begun since then: `startedAt` is only when it was noticed. Absent: it is known when. */
  readonly earliestAt?: number;
  /** It was cut, before its end or at its beginning: more may have been said. */
  readonly isCut?: true;
  /** From the end of speech: until the first partial after it, and until this. */
  readonly partialMs?: number;
  readonly transcriptMs: number;
}

/** What a hearing side tells its call. */
export interface HearingNews {
  /** The customer's turn is open, or over. */
  turnOpen(isOpen: boolean): void;
  partial(turn: number, text: string): void;
  /** The model may begin on this text; then: it was not all. */
  likely(text: string): void;
  resumed(): void;
  final(turn: HeardTurn): void;
  /** What was said of a turn is lost; the next one is heard again. */
  failed(cause: string): void;
  /** A turn is over and counts for nothing. Nobody need be told. */
  dropped(): void;
  /** Nothing can be heard any more. */
  over(cause: string): void;
}

/** Hears the customer: by an engine of ours, by their browser's own, or by one session that speaks as well. */
export interface HearingSide {
  frame(frame: VoiceFrame): void;
  take(message: Extract<ParsedVoiceMessage, { type: "speech" | "talk" | "mute" | "transcript" }>): void;
  /** Whether the customer speaks, or what they said is not understood yet. */
  readonly isOpen: boolean;
  readonly isPending: boolean;
  /**
   * The line is gone: the next page's clock is another one, and what was open is over. `isSaidAgain`: the page keeps what
   * is being said at this moment, and says it again on its next line, so here it counts for nothing.
   */
  renew(isSaidAgain: boolean): void;
  close(): Promise<void>;
}
