import * as z from "zod";
import { HEARING_MODELS, REALTIME, SPEAKING_MODELS, VOICES } from "../conversation/ports/speech-models.ts";
import { isSpeechProvider, SPEECH_PROVIDERS } from "../conversation/ports/voice.ts";
import { type Fault, fault, missing } from "./faults.ts";
import type { Path } from "./substitute.ts";

const engineView = z.object({
  provider: z.string().catch(""),
  model: z.unknown().optional(),
  voice: z.unknown().optional(),
  baseUrl: z.unknown().optional(),
  apiKey: z.unknown().optional(),
});
const enginesView = z.array(engineView).catch([]);
/** What is looked at; the schema reports whatever does not fit. */
export const voiceView = z.object({ hearing: enginesView, speaking: enginesView, realtime: engineView.optional().catch(undefined) });

/** What an engine lacks. `path` is that of the voice; `keyExample` ends the sentence about a missing key. */
export function checkVoice(path: Path, voice: z.input<typeof voiceView>, keyExample = ""): Fault[] {
  const { hearing, speaking, realtime } = voiceView.parse(voice);
  const models = { openai: REALTIME.model };
  return [
    ...besideBrowser([...path, "hearing"], hearing),
    ...besideBrowser([...path, "speaking"], speaking),
    ...(realtime === undefined ? [] : incomplete([...path, "realtime"], realtime, { models, keyExample })),
    ...hearing.flatMap((engine, index) => incomplete([...path, "hearing", index], engine, { models: HEARING_MODELS, keyExample })),
    ...speaking.flatMap((engine, index) => [
      ...incomplete([...path, "speaking", index], engine, { models: SPEAKING_MODELS, keyExample }),
      ...withoutVoice([...path, "speaking", index], engine),
    ]),
  ];
}

interface Needs {
  readonly models: typeof HEARING_MODELS;
  readonly keyExample: string;
}

type Engine = z.output<typeof engineView>;

function incomplete(path: Path, { provider, model, baseUrl, apiKey }: Engine, { models, keyExample }: Needs): Fault[] {
  if (!isSpeechProvider(provider) || provider === "browser") return [];
  const { needsKey } = SPEECH_PROVIDERS[provider];
  const faults: Fault[] = [];
  if (baseUrl === undefined && !needsKey) faults.push(missing([...path, "baseUrl"], `the URL of the ${provider} server`));
  if (baseUrl === undefined && needsKey && apiKey === undefined)
    faults.push(missing([...path, "apiKey"], `the API key for ${provider}${keyExample}`));
  if (model === undefined && models[provider] === undefined) faults.push(missing([...path, "model"], `the name of a model of ${provider}`));
  return faults;
}

function withoutVoice(path: Path, { provider, voice }: Engine): Fault[] {
  if (!isSpeechProvider(provider) || provider === "browser" || voice !== undefined || VOICES[provider] !== undefined) return [];
  return [missing([...path, "voice"], `the name or id of a voice of ${provider}`)];
}

/** A call is heard, and spoken, at the server or in the browser: it does not change from one to the other. */
function besideBrowser(path: Path, engines: readonly Engine[]): Fault[] {
  const at = engines.findIndex(({ provider }) => provider === "browser");
  if (at < 0 || engines.length === 1) return [];
  const found = fault([...path, at], "browser beside another", "it alone, since no call goes over from one to the other");
  return [{ ...found, code: "stands-alone" }];
}
