import type { EventOf } from "../../../protocol/events.ts";
import type { SpeechKind } from "../../../protocol/voice-events.ts";
import type { ParsedVoiceMessage } from "../../../protocol/voice-frames.ts";

/** Why something is said, and which part of the journal it is of. */
export interface SpokenOf {
  readonly kind: SpeechKind;
  readonly turnId?: string;
  readonly step?: number;
  readonly approvalId?: string;
  /** When the customer finished what this answers (the server's time). */
  readonly since?: number;
}

/** How speaking goes. */
export interface SpeakingNews {
  /** The first audio of it leaves. */
  begun(of: SpokenOf): void;
  /** What is to be said of an utterance was heard to its end, or only in part. */
  heard(speech: HeardOf): void;
  /** Something begins to be heard, or nothing is any more. */
  changed(): void;
  /** Somebody waits for speech that does not come. */
  late(): void;
  /** What was to be said cannot be. */
  failed(cause: string): void;
}

export interface HeardOf {
  readonly of: SpokenOf;
  readonly text: string;
  /** Present: it was cut, and this was not heard. */
  readonly unheard?: string;
  readonly cutBy?: EventOf<"speech-cut">["cutBy"];
  readonly firstAudioMs?: number;
  readonly firstHeardMs?: number;
  readonly heardMs?: number;
}

/** Text that is being said, as it comes. */
export interface Saying {
  readonly of: SpokenOf;
  say(piece: { readonly written: string; readonly spoken: string }): void;
  /** Nothing more comes of it. */
  finish(): void;
}

/** Says aloud what the call wants said, in its order. */
export interface SpeakingSide {
  begin(of: SpokenOf): Saying;
  /** While the customer speaks, nothing new is begun. */
  hold(isHeld: boolean): void;
  take(message: Extract<ParsedVoiceMessage, { type: "heard" | "spoke" }>): void;
  /**
   * Nothing after this place was heard, and nothing that waits is said. Without a place: as far as it was heard. Says
   * what was cut, in its order.
   */
  cut(by: EventOf<"speech-cut">["cutBy"], untilMs?: number): readonly SpokenOf[];
  /**
   * What was cut last is said from the beginning of the piece in which it was cut. `follow` takes what was still being
   * written, and says whether it does: otherwise that is left.
   */
  goOn(follow: (of: SpokenOf, saying: Saying) => boolean): void;
  /** These are not said. Only while it is held, after a cut: nothing is out. */
  drop(which: (of: SpokenOf) => boolean, by: EventOf<"speech-cut">["cutBy"]): void;
  /** Something is heard now, or waits to be. */
  readonly isOut: boolean;
  /** What was said until now and is not heard to its end. */
  readonly isSpeaking: boolean;
  close(): void;
}
