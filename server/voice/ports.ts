/** What a voice call needs of others, and what its own parts are to each other. */
import type { EventOf, JournalEvent } from "../../protocol/events.ts";
import type { ParsedVoiceMessage, VoiceFrame, VoiceServerMessage } from "../../protocol/voice-frames.ts";
import type { SpeechKind } from "../../protocol/voice-events.ts";
import type { VoiceModel } from "../../voice/activity/silero.ts";
import type { CustomerDesk } from "../conversation/customer-desk.ts";
import type { VoiceDesk } from "../conversation/voice-desk.ts";
import type { Assistants } from "../conversation/ports/assistants.ts";
import type { Recordings } from "../conversation/ports/recordings.ts";
import type { VoiceSettings } from "../conversation/ports/voice.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { Hearing } from "../speech/ports/hearing.ts";
import type { Speaking } from "../speech/ports/speaking.ts";
import type { Caller } from "./caller.ts";
import type { OpenedCalls } from "./opened-calls.ts";
import type { OpenApprovals } from "./spoken-approvals.ts";

/** The line to the caller's page or device. */
export interface CallLine {
  /** What the client may send; audio comes from it as PCM all the same. */
  readonly codec: "pcm" | "opus";
  say(message: VoiceServerMessage): void;
  frame(frame: VoiceFrame): void;
  /** Bytes that the network has not taken yet. */
  readonly waitingBytes: number;
  /** Says nothing more, and closes. Harmless when repeated. */
  close(): void;
}

export interface VoiceCallsPorts {
  readonly desk: Pick<CustomerDesk, "canListen" | "send" | "decide">;
  readonly journal: VoiceDesk;
  readonly assistants: Assistants;
  /** The engines for a call in this conversation. Loaded with the first call. */
  readonly speech: (voice: VoiceSettings, conversationId: string) => Promise<{ readonly hearing: Hearing; readonly speaking: Speaking }>;
  /** Counts a spoken message as every message is. Throws `RequestError` `rate-limited`. */
  readonly countMessage: (caller: Caller) => Promise<void>;
  readonly approvals: OpenApprovals;
  /** The newest events of a conversation, in their order. */
  readonly lastEvents: (conversationId: string) => Promise<readonly JournalEvent[]>;
  /** Hears whether somebody speaks, for a device that does not: a new one for each. Loaded with the first. */
  readonly activity: () => Promise<VoiceModel>;
  readonly opened: OpenedCalls;
  readonly recordings: Pick<Recordings, "begin" | "append" | "end">;
  readonly clock: Clock;
  readonly log: Log;
  readonly isStopping: () => boolean;
}

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
