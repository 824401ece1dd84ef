/** What an assistant hears and speaks with. */
import type { VoiceOffer } from "../../../protocol/frames.ts";
import type { ModelPrices } from "./model-prices.ts";

/**
 * The providers of speech. Those that need a key are reached at their own address, unless the settings name a `baseUrl`.
 * `browser` is the customer's own: the server has no part in it.
 */
export const SPEECH_PROVIDERS = {
  openai: { needsKey: true },
  deepgram: { needsKey: true },
  elevenlabs: { needsKey: true },
  google: { needsKey: true },
  "openai-compatible": { needsKey: false },
  browser: { needsKey: false },
} as const satisfies Readonly<Record<string, { readonly needsKey: boolean }>>;

export type SpeechProvider = keyof typeof SPEECH_PROVIDERS;
/** Whose engines the server asks. */
export type ServerSpeechProvider = Exclude<SpeechProvider, "browser">;

export function isSpeechProvider(name: string): name is SpeechProvider {
  return Object.hasOwn(SPEECH_PROVIDERS, name);
}

/** An engine. Without a `model` it takes the one that `speech-models.ts` has. */
export interface SpeechEngine {
  readonly provider: SpeechProvider;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** Such as `de` or `pt-BR`. Absent: the engine finds it out, or takes its own. */
  readonly language?: string;
}

export interface SpeakingEngine extends SpeechEngine {
  /** The provider's name or id of it. */
  readonly voice?: string;
  /** 1 is the voice's own. */
  readonly speed?: number;
  /** Samples a second of the PCM that it sends. Absent: what the provider sends. */
  readonly sampleRate?: number;
}

/** A part of a call's turn-taking; times of quiet in milliseconds. Absent: as measured (docs/voice.md). */
export interface TurnTimes {
  /** A turn is over after this, */
  readonly endMs?: number;
  /** after this where only a confirming word was said, */
  readonly confirmedMs?: number;
  /** and after this where what was said goes on. */
  readonly holdingMs?: number;
  /** The model may begin after this. */
  readonly earlyMs?: number;
}

/**
 * A model that hears, thinks and speaks by itself. Without a `model` and a `voice` it takes those that `speech-models.ts`
 * has.
 */
export interface RealtimeEngine {
  readonly provider: "openai";
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly voice?: string;
  /** From 0.25 to 1.5; 1 is the voice's own. */
  readonly speed?: number;
  /** Absent: the model finds it out. */
  readonly language?: string;
  /** Absent: what it costs is not known. */
  readonly prices?: ModelPrices;
}

export interface VoiceSettings {
  /** Whether customers may call. */
  readonly enabled: boolean;
  /** The next one is asked where one fails. */
  readonly hearing: readonly SpeechEngine[];
  readonly speaking: readonly SpeakingEngine[];
  /** Answers calls in place of the assistant's model, and hears and speaks itself. Absent: none does. */
  readonly realtime?: RealtimeEngine;
  /** Said when a call begins. Absent: nothing. */
  readonly greeting?: string;
  /** Said while a tool runs, one after the other. Absent: those of the language. */
  readonly fillers?: readonly string[];
  /** `plain`: the model is not told that its answer is heard. Absent: it is. */
  readonly style?: "spoken" | "plain";
  /** Absent: calls are not recorded. */
  readonly recording?: { readonly enabled: boolean };
  /** How long a call may be, and how long nobody may speak in it. Absent: 30 and 3 minutes. */
  readonly longestMs?: number;
  readonly idleMs?: number;
  /** Calls of this assistant at once. Absent: 20. */
  readonly concurrentCalls?: number;
  readonly turns?: TurnTimes;
}

/** How customers can call; undefined: they cannot. */
export function voiceOfferOf(voice: VoiceSettings | undefined): VoiceOffer | undefined {
  const hearing = voice?.realtime ?? voice?.hearing[0];
  const speaking = voice?.realtime ?? voice?.speaking[0];
  if (voice?.enabled !== true || hearing === undefined || speaking === undefined) return undefined;
  const language = speaking.language ?? hearing.language;
  const places = { hearing: placeOf(hearing), speaking: placeOf(speaking) };
  // The browser's own ears and voice send no audio, so there is nothing to record.
  const hasAudio = places.hearing === "server" || places.speaking === "server";
  return {
    ...places,
    ...(language === undefined ? {} : { language }),
    ...(voice.recording?.enabled === true && hasAudio ? { recorded: true } : {}),
  };
}

/** What calls that are allowed cannot be made without; undefined: nothing is missing, or none are allowed. */
export function lackingOf(voice: VoiceSettings | undefined): "hearing" | "speaking" | "both" | undefined {
  if (voice?.enabled !== true || voiceOfferOf(voice) !== undefined) return undefined;
  if (voice.hearing.length > 0) return "speaking";
  return voice.speaking.length > 0 ? "hearing" : "both";
}

/** The provider `browser` is the customer's own. */
function placeOf({ provider }: { readonly provider: string }): "server" | "browser" {
  return provider === "browser" ? "browser" : "server";
}
