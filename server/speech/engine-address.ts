import type { ServerSpeechProvider, SpeechEngine } from "../conversation/ports/voice.ts";
import { SPEECH_PROVIDERS } from "../conversation/ports/voice.ts";
import type { EngineAddress } from "./wires/engine-wire.ts";
import { SpeechError } from "./ports/speech-error.ts";

interface ProviderPlace {
  readonly name: string;
  /** Where the provider itself is reached. Absent: the settings name an address. */
  readonly ownUrl?: string;
  /** What of a path that people paste is the wires' to add. */
  readonly ownPaths: RegExp;
  /** For an address without a path. */
  readonly path: string;
}

const OPENAI_PATHS = /\/(?:audio(?:\/(?:speech|transcriptions))?|chat\/completions|realtime)$/;
const PLACES: Readonly<Record<ServerSpeechProvider, ProviderPlace>> = {
  openai: { name: "OpenAI", ownUrl: "https://api.openai.com/v1", ownPaths: OPENAI_PATHS, path: "/v1" },
  "openai-compatible": { name: "The speech server", ownPaths: OPENAI_PATHS, path: "/v1" },
  deepgram: { name: "Deepgram", ownUrl: "https://api.deepgram.com/v1", ownPaths: /\/(?:listen|speak)$/, path: "/v1" },
  elevenlabs: {
    name: "ElevenLabs",
    ownUrl: "https://api.elevenlabs.io/v1",
    ownPaths: /\/(?:text-to-speech|speech-to-text).*$/,
    path: "/v1",
  },
  google: {
    name: "Google Gemini",
    ownUrl: "https://generativelanguage.googleapis.com/v1beta",
    ownPaths: /\/models(?:\/.*)?$/,
    path: "/v1beta",
  },
};

/** One that the server asks. */
export type ServerEngine = SpeechEngine & { readonly provider: ServerSpeechProvider };

/** Throws `SpeechError` `misconfigured` for the customer's browser. */
export function serverEngine<Engine extends SpeechEngine>(engine: Engine): Engine & ServerEngine {
  const { provider } = engine;
  if (provider === "browser") throw misconfigured("The customer's browser hears and speaks by itself; the server cannot ask it.");
  return { ...engine, provider };
}

/**
 * Where an engine is, and how staff know it. Throws `SpeechError` `misconfigured`: no address, no model, or a key that
 * cannot be one.
 */
export function addressOf(engine: ServerEngine, defaultModel: string | undefined): EngineAddress & { readonly who: string } {
  const { provider } = engine;
  const model = engine.model?.trim() || defaultModel;
  if (model === undefined) throw misconfigured(`The speech engine of the provider ${provider} needs a model.`);
  const baseUrl = baseUrlOf(engine);
  const { name, ownUrl } = PLACES[provider];
  const who = ownUrl !== undefined && baseUrl.host === new URL(ownUrl).host ? name : `${name} at ${baseUrl.host}`;
  return { who, baseUrl, model, apiKey: keyOf(engine) };
}

function baseUrlOf({ provider, baseUrl }: ServerEngine): URL {
  const { ownUrl, ownPaths, path } = PLACES[provider];
  const given = baseUrl?.trim() || ownUrl;
  if (given === undefined) throw misconfigured(`A speech engine of the provider ${provider} needs a baseUrl.`);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "" || url.password !== "")
    throw misconfigured(`The baseUrl of the speech engine of ${provider} is no http(s) address without a user and a password.`);
  url.hash = "";
  const rest = url.pathname.replace(/\/+$/, "").replace(ownPaths, "");
  url.pathname = rest === "" ? path : rest;
  return url;
}

function keyOf({ provider, apiKey, baseUrl }: SpeechEngine): string | undefined {
  const key = apiKey?.trim() ?? "";
  if (key === "") {
    if (!SPEECH_PROVIDERS[provider].needsKey || baseUrl !== undefined) return undefined;
    throw misconfigured(`The speech engine of the provider ${provider} has no apiKey.`);
  }
  if (!/^[\x21-\x7e]+$/.test(key))
    throw misconfigured(`The apiKey of the speech engine of ${provider} has characters that no key has. Paste the key again.`);
  return key;
}

function misconfigured(message: string): SpeechError {
  return new SpeechError("misconfigured", message);
}
