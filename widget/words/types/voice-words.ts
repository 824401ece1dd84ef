import type { VoicePhase } from "../../../protocol/voice-frames.ts";
import type { VoiceEnd } from "../../../protocol/voice-events.ts";

/** What can be wrong with a call, beside what the server refuses. */
export type VoiceFault =
  | "no-microphone"
  /** It was unplugged, and there is no other. */
  | "lost"
  /** Another program has it. */
  | "busy"
  | "denied"
  /** The permission was taken back in the middle of the call. */
  | "withdrawn"
  /** The page came without TLS: browsers give it no microphone. */
  | "insecure"
  /** The browser cannot do it. */
  | "unsupported"
  /** Not a single sound comes: some switch is off. */
  | "silent"
  /** A phone call, or the lock screen, took the sound away. */
  | "interrupted"
  /** The browser plays nothing before somebody presses something. */
  | "no-sound"
  /** A part of the widget could not be loaded. */
  | "not-loaded"
  /** Whether somebody speaks cannot be heard here: push-to-talk is left. */
  | "no-activity"
  /** The server could not be reached. */
  | "unreached"
  | "nothing-understood"
  | "not-heard"
  | "not-spoken";

/** What is said about voice calls. A conversation without one does not need it. */
export interface VoiceWords {
  /** Names the bar for people who cannot see it. */
  readonly voiceCall: string;
  readonly endCall: string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly phases: { readonly [phase in VoicePhase]: string };
  /** In place of a phase, where the customer is not heard. */
  readonly isMuted: string;
  readonly mute: string;
  readonly unmute: string;
  readonly settings: string;
  /** How the customer speaks. */
  readonly mode: string;
  readonly handsFree: string;
  readonly pushToTalk: string;
  readonly hold: string;
  /** While it is held: what lets it go. */
  readonly held: string;
  /** While it is held by nobody, after a tap: what lets it go. */
  readonly kept: string;
  /** While hands-free is not there yet. */
  readonly handsFreeComes: string;
  readonly microphone: string;
  readonly loudspeaker: string;
  /** A device that has no name. */
  readonly device: (number: number) => string;
  readonly systemDevice: string;
  readonly volume: string;

  readonly recorded: string;
  readonly isRecorded: string;
  readonly cancel: string;
  readonly goesOn: string;
  readonly continueCall: string;
  readonly elsewhere: string;
  readonly takeOver: string;
  readonly callAgain: string;
  readonly close: string;
  /** While an approval waits: the words that decide it, or that a button does. */
  readonly sayToApprove: (phrase: string) => string;
  readonly pressToApprove: string;

  readonly faults: { readonly [fault in VoiceFault]: string };
  /** Why the call ended, where the customer did not end it. */
  readonly ends: { readonly [end in Exclude<VoiceEnd, "hung-up">]: string };

  readonly spoken: string;
  readonly started: (time: string) => string;
  readonly endedAfter: (duration: string) => string;
  /** Under an answer that was cut: `words` are the last that were heard; without them, none was. */
  readonly cut: { readonly [by in "speech" | "button" | "lost"]: (words: string | undefined) => string };
  /** By the codes of `ERRORS`. */
  readonly errors: { readonly [code: string]: string };
}
