import { urlUnder } from "../../model/wires/url-under.ts";
import type { EnginePorts } from "../engines/engine-ports.ts";
import type { Realtime } from "../ports/realtime.ts";
import type { EngineAddress } from "../wires/engine-wire.ts";
import { mainLanguage } from "../wires/languages.ts";
import { REALTIME_RATE, type SessionUpdate } from "./client-events.ts";
import { OpenedSession } from "./opened-session.ts";

/** Tells what it understands while it is said; others wait for the end of the turn. */
const TRANSCRIPTION_MODEL = "gpt-realtime-whisper";

export interface RealtimeSettings extends EngineAddress {
  readonly who: string;
  readonly voice: string;
  readonly speed: number | undefined;
}

/**
 * OpenAI's Realtime over a WebSocket. It only hears, thinks and speaks: where a turn ends, whether anything is answered,
 * and what a tool may do are ours to say. None of its own tools (`mcp`) is ever offered.
 */
export function openAiRealtime(settings: RealtimeSettings, ports: EnginePorts, own?: string): Realtime {
  const { who, baseUrl, apiKey, model } = settings;
  const url = urlUnder(baseUrl, "/realtime");
  url.searchParams.set("model", model);
  const target = { who, url, headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` } };
  return {
    name: who,
    open: ({ language = own, signal, speaking }) =>
      new OpenedSession({ target, settings: sessionOf(settings, language), speed: settings.speed ?? 1 }, ports, { signal, speaking }),
  };
}

function sessionOf({ voice, speed }: RealtimeSettings, language: string | undefined): SessionUpdate {
  const format = { type: "audio/pcm", rate: REALTIME_RATE } as const;
  const transcription = { model: TRANSCRIPTION_MODEL, ...(language === undefined ? {} : { language: mainLanguage(language) }) };
  return {
    type: "realtime",
    output_modalities: ["audio"],
    audio: {
      input: { format, transcription, turn_detection: null },
      output: { format, voice, ...(speed === undefined ? {} : { speed }) },
    },
  };
}
