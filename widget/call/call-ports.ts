import type { VoiceOffer } from "../../protocol/frames.ts";
import type { VoiceFrame } from "../../protocol/voice-frame.ts";
import type { VoiceClientMessage, VoiceServerMessage } from "../../protocol/voice-frames.ts";
import type { Clock } from "../thread/clock.ts";
import type { VoiceFault } from "../words/types/voice-words.ts";
import type { CallLine, OpenSocket } from "./call-line.ts";
import type { CallMemory } from "./call-memory.ts";
import type { CallChoices, Devices } from "./call-state.ts";

/** Why there is no sound. */
export class CallFault extends Error {
  override readonly name = "CallFault";
  readonly fault: VoiceFault;

  constructor(fault: VoiceFault, cause?: unknown) {
    super(`The call has no sound: ${fault}.`, { cause });
    this.fault = fault;
  }
}

/** What is wrong at this moment, and passes. */
export type CallNote = Extract<
  VoiceFault,
  "silent" | "interrupted" | "no-sound" | "nothing-understood" | "not-heard" | "not-spoken" | "no-activity"
>;

/** What the ears tell. */
export interface EarsNews {
  /** Of the customer's speech, for the server. */
  say(message: Extract<VoiceClientMessage, { type: "speech" | "talk" | "transcript" }>): void;
  /** Its audio; `seq` is the line's to count. */
  frame(frame: Omit<VoiceFrame, "seq">): void;
  /** While the assistant speaks: perhaps somebody does; it was nothing (false); it is so, and the assistant is silent. */
  doubt(isDoubt: boolean): void;
  interrupt(by: "speech" | "button"): void;
  /** It notices by itself that somebody speaks, from now on; or never will. */
  activity(is: "ready" | "never"): void;
  note(note: CallNote, is: boolean): void;
  /** There is no microphone any more. */
  ended(fault: VoiceFault): void;
}

/** Hear the customer: a microphone of ours, or the browser's own recogniser. */
export interface Ears {
  /** How loud it is at this moment, from 0 to 1; undefined: not known. */
  readonly level: number | undefined;
  mute(isMuted: boolean): void;
  /** Nothing is sent but what is said while `talk` is on. */
  pushToTalk(isOn: boolean): void;
  talk(isHeld: boolean): void;
  /** The assistant is audible, or is no longer: from when on echo has to be reckoned with. */
  assistantSpeaks(isAudible: boolean): void;
  assistantSays(text: string): void;
  /** Hears from another device; "" is the default. One that cannot be had: nothing changes. */
  hearFrom(microphoneId: string): void;
  /** Ends every track, at once. Harmless when repeated. */
  close(): void;
}

/** What the voice tells. */
export interface VoiceNews {
  /** How far the assistant was heard, for the server. */
  say(message: Extract<VoiceClientMessage, { type: "heard" | "spoke" }>): void;
  /** What is heard at this moment. */
  caption(text: string): void;
  audible(isAudible: boolean): void;
  /** What was to be said cannot be. */
  failed(): void;
  note(note: CallNote, is: boolean): void;
}

export type Saying = Extract<VoiceServerMessage, { type: "saying" }>;
export type Said = Extract<VoiceServerMessage, { type: "said" }>;
export type Stats = Extract<VoiceClientMessage, { type: "stats" }>;

/** The assistant's voice: our engines' audio, or the browser's own voice. */
export interface AssistantVoice {
  begin(piece: Saying): void;
  frame(frame: VoiceFrame): void;
  end(piece: Said): void;
  /** Quieter, while it is in doubt whether somebody speaks. */
  duck(isDucked: boolean): void;
  /**
   * Silent at once, and drops what is left and what still comes before `hush`. The place until which it was heard;
   * undefined: nothing was being said, and nothing is dropped.
   */
  cut(): Promise<number | undefined>;
  /** Silent at once; what comes from now on is said. */
  hush(): void;
  /** From 0 to 1. */
  loud(volume: number): void;
  /** Plays through another device; "" is the default. */
  playThrough(loudspeakerId: string): void;
  /** After a press, where the browser waited for one. */
  wake(): void;
  /** Undefined where there is nothing to measure. */
  stats(): Stats | undefined;
  /** Harmless when repeated. */
  close(): void;
}

/** Takes what the customer says, and keeps its order. */
export type SpeechLine = Pick<CallLine, "say" | "frame">;

/** All that a call needs from outside; a test brings its own. */
export interface CallPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly memory: CallMemory;
  /** Asks the customer line for a token. Rejects with `RequestRefusedError`, or `LineLostError` while there is no line. */
  readonly ask: (voiceCallId: string, takeOver: boolean | string) => Promise<{ readonly token: string; readonly expiresInMs: number }>;
  readonly openSocket: OpenSocket;
  /** How the customer's speech is sent on a connection as Opus; undefined: it is sent as PCM. Never rejects. */
  readonly opus: () => Promise<((line: SpeechLine) => SpeechLine & { close(): void }) | undefined>;
  /** Rejects with `CallFault`. Once `signal` is aborted they are not wanted: a microphone that opens is ended at once. */
  readonly openEars: (by: VoiceOffer, choices: CallChoices, news: EarsNews, signal: AbortSignal) => Promise<Ears>;
  readonly openVoice: (by: VoiceOffer, choices: CallChoices, news: VoiceNews) => Promise<AssistantVoice>;
  /** Whether the microphone may be opened without asking. */
  readonly mayHear: () => Promise<boolean>;
  readonly devices: () => Promise<Devices>;
  /** Tells what goes on around the call, until the returned function is called. */
  readonly watch: (around: Around) => () => void;
}

export interface Around {
  /** There is no network; there is one again. */
  offline(): void;
  online(): void;
  /** Devices came or went. */
  devices(): void;
  /** The page goes away; it is back, as it was. */
  leaving(): void;
  back(): void;
}
