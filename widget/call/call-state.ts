import type { WireError } from "../../protocol/errors.ts";
import type { VoiceOffer } from "../../protocol/frames.ts";
import type { VoiceEnd } from "../../protocol/voice-events.ts";
import type { VoicePhase } from "../../protocol/voice-frames.ts";
import type { VoiceFault } from "../words/types/voice-words.ts";

/**
 * Where a call stands. `asking`: the customer is told that it is recorded, and nothing is opened yet. `elsewhere`: they
 * are in a call in another tab. `starting`: until the server is ready. `on`. `lost`: the connection is, and it is tried
 * again. `returned`: the page came back, and the microphone is not opened before the customer presses. `over`: `end`,
 * `fault` or `error` says why.
 */
export type VoiceCallStatus = "asking" | "elsewhere" | "starting" | "on" | "lost" | "returned" | "over";

/** Hands-free: whoever speaks is heard. Push-to-talk: while the button is held. */
export type CallMode = "hands-free" | "push-to-talk";

export interface Device {
  readonly id: string;
  /** Empty before the browser has the permission. */
  readonly label: string;
}

export interface Devices {
  readonly microphones: readonly Device[];
  readonly loudspeakers: readonly Device[];
}

/** What the customer set, kept for their next call. */
export interface CallChoices {
  readonly mode: CallMode;
  /** Empty: the browser's default. */
  readonly microphoneId: string;
  readonly loudspeakerId: string;
  /** From 0 to 1. */
  readonly volume: number;
}

/** What the face of a call shows. Never changed in place. */
export interface CallState extends Devices {
  readonly status: VoiceCallStatus;
  readonly phase: VoicePhase;
  readonly choices: CallChoices;
  /** Whether speech is noticed by itself: not yet, now, never. Until then push-to-talk alone is there. */
  readonly activity: "loading" | "ready" | "never";
  readonly isMuted: boolean;
  /** The button of push-to-talk is held. */
  readonly isHeld: boolean;
  /** The assistant is audible at this moment. */
  readonly isAudible: boolean;
  /** What it says can be heard: nothing is wrong with its voice. */
  readonly isSpoken: boolean;
  /** What was understood last of the customer, and what the assistant says at this moment, or last said to that. */
  readonly customerCaption: string;
  readonly assistantCaption: string;
  /** An approval waits: for these words aloud, or, where `phrase` is absent, for the button. */
  readonly asked?: { readonly approvalId: string; readonly phrase?: string };
  readonly isRecorded: boolean;
  /** What is wrong. With `over`: why. */
  readonly fault?: VoiceFault;
  /** The server refused it. */
  readonly error?: WireError;
  readonly end?: VoiceEnd;
}

/** A call whose page went away. */
export interface LeftCall {
  readonly voiceCallId: string;
  readonly conversationId: string;
  readonly offer: VoiceOffer;
  readonly isMuted: boolean;
  /** Milliseconds since 1970. */
  readonly leftAt: number;
}

/** Which call: of which conversation, and how it is heard and spoken. */
export interface CallPlace {
  readonly conversationId: string;
  readonly offer: VoiceOffer;
  /** The call of a page that went away; absent: a new one. */
  readonly left?: LeftCall;
}

/** Of a call that is begun, or gone on with. */
export function firstState({ offer, left }: CallPlace, choices: CallChoices): CallState {
  return {
    status: "starting",
    phase: "listening",
    choices,
    activity: "loading",
    isMuted: left?.isMuted ?? false,
    isHeld: false,
    isAudible: false,
    isSpoken: true,
    microphones: [],
    loudspeakers: [],
    customerCaption: "",
    assistantCaption: "",
    isRecorded: offer.recorded === true,
  };
}

/** The browser's own engines take what it is set to: there is nothing to choose. */
export function choosable({ hearing, speaking }: VoiceOffer, devices: Devices | undefined): Partial<Devices> {
  if (devices === undefined) return {};
  return {
    microphones: hearing === "browser" ? [] : devices.microphones,
    loudspeakers: speaking === "browser" ? [] : devices.loudspeakers,
  };
}

/** How the customer speaks at this moment. */
export function modeOf({ activity, choices }: Pick<CallState, "activity" | "choices">): CallMode {
  return activity === "ready" ? choices.mode : "push-to-talk";
}
