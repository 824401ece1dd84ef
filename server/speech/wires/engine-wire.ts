import type { IncomingHttpHeaders } from "node:http";
import type { ProviderFailure } from "../../model/transport/failure-kind.ts";
import type { SpokenAudio } from "../ports/speaking.ts";

/** What one engine is reached with. */
export interface EngineAddress {
  readonly baseUrl: URL;
  readonly apiKey: string | undefined;
  readonly model: string;
}

export interface EngineRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How an engine is asked to say a text, by one request. Knows no network and no time. */
export interface SpeakingWire {
  /** The engine as staff know it, to begin an error's sentence with. */
  readonly who: string;
  request(text: string, language: string | undefined): EngineRequest;
  /** For one answer. */
  reader(headers: IncomingHttpHeaders): AudioReader;
}

/** Finds the audio in the bytes of an answer. Throws `SpeechError`. */
export interface AudioReader {
  push(bytes: Uint8Array): readonly SpokenAudio[];
  /** The answer is whole. */
  end(): readonly SpokenAudio[];
}

/** How an engine is asked what was said, once for each turn. */
export interface TurnHearingWire {
  readonly who: string;
  /** `pcm` as `HearingSession` has it. */
  request(pcm: Uint8Array, language: string | undefined): EngineRequest;
  reader(): TurnReader;
}

/** Finds the words in the bytes of an answer. What it throws means that the answer is not what the engine documents. */
export interface TurnReader {
  push(bytes: Uint8Array): readonly Words[];
  /** The last are the whole turn. Undefined: there was no end. */
  end(): Words | undefined;
}

/** All that was understood so far. */
export interface Words {
  readonly text: string;
  readonly confidence?: number;
}

/** How an engine is listened with over a WebSocket that is kept open. */
export interface SocketHearingWire {
  readonly who: string;
  /** `https:` or `http:`: whether it is encrypted. */
  readonly url: (language: string | undefined) => URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent first. */
  readonly opening: (language: string | undefined) => readonly string[];
  /** Whether audio has to wait for a `ready`. */
  readonly saysReady: boolean;
  audio(pcm: Uint8Array): string | Uint8Array;
  readonly endTurn: string;
  /** The engine says nothing at all of a turn in which nobody spoke. */
  readonly isMuteOnSilence: boolean;
  /** Sent after `keepAliveMs` without audio. */
  readonly keepAlive: string;
  readonly keepAliveMs: number;
  /** Sent before the connection is closed. */
  readonly goodbye?: string;
  /** For one connection. */
  reader(): SocketReader;
}

export interface SocketReader {
  /** `sentMs`: how much audio this connection had been given before the turn began. Throws as `TurnReader` does. */
  read(message: string, turn: { readonly sentMs: number }): SocketNews;
  /** The next words are of another turn. */
  nextTurn(): void;
}

export type SocketNews =
  | { readonly type: "ready" }
  | { readonly type: "words"; readonly words: Words; readonly isWhole: boolean }
  /** The engine will close soon, or has nothing against a new connection. */
  | { readonly type: "leaving" }
  | { readonly type: "failure"; readonly failure: ProviderFailure }
  | { readonly type: "nothing" };
