import { HEARING_MODELS, REALTIME, SPEAKING_MODELS, VOICES } from "../conversation/ports/speech-models.ts";
import type { Model } from "../conversation/ports/model.ts";
import type { RealtimeEngine, ServerSpeechProvider, SpeakingEngine, SpeechEngine, VoiceSettings } from "../conversation/ports/voice.ts";
import type { Clock } from "../foundation/clock.ts";
import { lazily } from "../foundation/lazily.ts";
import type { Log } from "../foundation/log.ts";
import { PostOffice } from "../model/transport/post.ts";
import { addressOf, serverEngine } from "./engine-address.ts";
import type { EnginePorts, SpeechSockets } from "./engines/engine-ports.ts";
import { FallBackHearing, FallBackSpeaking } from "./engines/fall-back.ts";
import { HttpSpeaking } from "./engines/http-speaking.ts";
import { socketHearing } from "./engines/socket-hearing.ts";
import { turnHearing } from "./engines/turn-hearing.ts";
import type { Hearing } from "./ports/hearing.ts";
import type { Realtime } from "./ports/realtime.ts";
import { SpeechError } from "./ports/speech-error.ts";
import type { Speaking } from "./ports/speaking.ts";
import { type CallEngines, realtimeEngines } from "./realtime/call-engines.ts";
import { openAiRealtime } from "./realtime/openai-realtime.ts";
import { deepgramHearing } from "./wires/deepgram-hearing.ts";
import { deepgramSpeaking } from "./wires/deepgram-speaking.ts";
import { elevenLabsHearing } from "./wires/elevenlabs-hearing.ts";
import { elevenLabsSpeaking } from "./wires/elevenlabs-speaking.ts";
import { googleHearing } from "./wires/google-hearing.ts";
import { googleSpeaking } from "./wires/google-speaking.ts";
import { openAiHearing } from "./wires/openai-hearing.ts";
import { openAiSpeaking } from "./wires/openai-speaking.ts";

/** Of the PCM that the providers send unless they are asked for another. */
const RATE = 24_000;

export interface SpeechPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Opened with the first request. */
  readonly sockets: () => Promise<SpeechSockets>;
}

/** Makes engines of settings. One for a server: connections are kept and shared. */
export interface Speech {
  /** Each throws `SpeechError` `misconfigured` for settings that no engine can be made of. */
  hearing(engine: SpeechEngine): Hearing;
  speaking(engine: SpeakingEngine): Speaking;
  realtime(engine: RealtimeEngine): Realtime;
  /**
   * All engines of an assistant, the next where one fails, without the customer's browser. Settings of which no engine can
   * be made are logged and left out.
   */
  of(voice: VoiceSettings): CallEngines;
  /**
   * Those of one call that has a model which hears and speaks itself; `engines` where that fails, and for what is ours to
   * say. `onModel`: it answers in the call from now on; what it returns ends that.
   */
  ofCall(realtime: RealtimeEngine, engines: CallEngines, onModel: (model: Model) => () => void): CallEngines;
  /** Ends what is running. */
  close(): Promise<void>;
}

export function createSpeech({ clock, log, sockets }: SpeechPorts): Speech {
  const open = lazily(sockets);
  const office = new PostOffice({ open });
  const portsOf = (apiKey: string | undefined): EnginePorts => ({ post: office.post, sockets: open, clock, apiKey });
  const hearing = (engine: SpeechEngine): Hearing => hearingOf(engine, portsOf);
  const speaking = (engine: SpeakingEngine): Speaking => speakingOf(engine, portsOf);
  const onFailure = (error: SpeechError, engine: string, next: string | undefined): void =>
    log.warn({ engine, kind: error.kind, cause: error.message, ...(next === undefined ? {} : { next }) }, "An engine of speech failed.");
  const usable = <Settings extends SpeechEngine, Engine>(engines: readonly Settings[], make: (settings: Settings) => Engine): Engine[] =>
    engines.flatMap((settings) => {
      if (settings.provider === "browser") return [];
      try {
        return [make(settings)];
      } catch (error) {
        if (!(error instanceof SpeechError)) throw error;
        log.warn({ cause: error.message }, "An engine of speech cannot be used and is left out.");
        return [];
      }
    });
  return {
    hearing,
    speaking,
    realtime: (engine) => realtimeOf(engine, portsOf),
    of: (voice) => ({
      hearing: new FallBackHearing(usable(voice.hearing, hearing), { clock, onFailure }),
      speaking: new FallBackSpeaking(usable(voice.speaking, speaking), { clock, onFailure }),
    }),
    ofCall: (settings, engines, onModel) => {
      const [realtime] = usable([settings], (one) => realtimeOf(one, portsOf));
      return realtime === undefined ? engines : realtimeEngines({ realtime, engines, onModel, clock, onFailure });
    },
    close: () => office.close(),
  };
}

type PortsOf = (apiKey: string | undefined) => EnginePorts;

function hearingOf(settings: SpeechEngine, portsOf: PortsOf): Hearing {
  const engine = serverEngine(settings);
  const { provider, language } = engine;
  const address = addressOf(engine, HEARING_MODELS[provider]);
  const ports = portsOf(address.apiKey);
  switch (provider) {
    case "openai":
      return turnHearing(openAiHearing({ ...address, asStream: true }), ports, language);
    case "openai-compatible":
      return turnHearing(openAiHearing({ ...address, asStream: false }), ports, language);
    case "deepgram":
      return socketHearing(deepgramHearing(address), ports, language);
    case "elevenlabs":
      return socketHearing(elevenLabsHearing(address), ports, language);
    case "google":
      return socketHearing(googleHearing(address), ports, language);
  }
}

function speakingOf(given: SpeakingEngine, portsOf: PortsOf): Speaking {
  const engine = serverEngine(given);
  const { provider, language, speed, sampleRate = RATE } = engine;
  const address = addressOf(engine, SPEAKING_MODELS[provider]);
  const voice = engine.voice?.trim() || VOICES[provider];
  if (voice === undefined) throw new SpeechError("misconfigured", `The speech engine of the provider ${provider} needs a voice.`);
  const settings = { ...address, voice, speed, sampleRate };
  return new HttpSpeaking(speakingWire(provider, settings), portsOf(address.apiKey), language);
}

function realtimeOf(engine: RealtimeEngine, portsOf: PortsOf): Realtime {
  const address = addressOf(engine, REALTIME.model);
  const { speed, language } = engine;
  return openAiRealtime({ ...address, voice: engine.voice?.trim() || REALTIME.voice, speed }, portsOf(address.apiKey), language);
}

function speakingWire(provider: ServerSpeechProvider, settings: Parameters<typeof openAiSpeaking>[0]) {
  switch (provider) {
    case "openai":
    case "openai-compatible":
      return openAiSpeaking(settings);
    case "deepgram":
      return deepgramSpeaking(settings);
    case "elevenlabs":
      return elevenLabsSpeaking(settings);
    case "google":
      return googleSpeaking(settings);
  }
}
