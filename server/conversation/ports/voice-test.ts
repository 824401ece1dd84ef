/** The port that tries engines of speech out, for whoever sets an assistant up. */
import type { RealtimeEngine, SpeakingEngine, SpeechEngine } from "./voice.ts";

/**
 * What can go wrong with an engine of speech. `unreachable`: no connection. `key-refused`: the key is wrong or may not do
 * this. `quota`: the account has nothing left. `busy`: too many requests, or the engine is overloaded. `misconfigured`:
 * a model, voice, language or address that the engine does not take. `bad-audio`: what came is no PCM. `silent`: nothing
 * came in time. `broken`: an answer that broke off, or makes no sense.
 */
export const SPEECH_FAULTS = ["unreachable", "key-refused", "quota", "busy", "misconfigured", "bad-audio", "silent", "broken"] as const;
export type SpeechFault = (typeof SPEECH_FAULTS)[number];

/** `message` is for staff: which engine, what happened, and what to do. It holds no secret. */
export interface EngineFault {
  readonly kind: SpeechFault;
  readonly message: string;
}

/** How an engine said the sentence. Milliseconds from the request. */
export interface SpokenTest {
  readonly engine: string;
  readonly fault?: EngineFault;
  readonly firstMs?: number;
  readonly wholeMs?: number;
  /** How long it sounds. */
  readonly audioMs?: number;
  readonly audio?: { readonly pcm: Uint8Array; readonly sampleRate: number };
  /** It is the customer's browser, which no server can ask. */
  readonly notTried?: true;
}

/** How an engine heard it. */
export interface HeardTest {
  readonly engine: string;
  readonly fault?: EngineFault;
  /** From the end of the turn to the final transcript. */
  readonly finalMs?: number;
  readonly text?: string;
  /** Whether most of what was said was understood. */
  readonly understood?: boolean;
  /** No engine spoke, so there was nothing to hear; or it is the customer's browser. */
  readonly notTried?: true;
}

export interface VoiceTest {
  readonly said: string;
  readonly speaking: readonly SpokenTest[];
  readonly hearing: readonly HeardTest[];
}

export interface TestedEngines {
  readonly speaking: readonly SpeakingEngine[];
  readonly hearing: readonly SpeechEngine[];
}

/** A model that hears and speaks itself is tested as an engine for each. */
export interface TestedRealtime {
  readonly realtime: RealtimeEngine;
}

export interface VoiceTests {
  /**
   * Has each engine say a sentence, and each hear what the first of them said, for a limited time. Rejects only when the
   * signal aborts.
   */
  test(engines: TestedEngines | TestedRealtime, signal: AbortSignal): Promise<VoiceTest>;
}
