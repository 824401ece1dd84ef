import type { AssistantVoice, ReplaceAssistantVoiceBody, TestAssistantVoiceBody } from "../../../api/types.ts";

type ShownEngine = AssistantVoice["speaking"][number];
export type SpeakingBody = NonNullable<TestAssistantVoiceBody["speaking"]>;
export type HearingBody = NonNullable<TestAssistantVoiceBody["hearing"]>;
export type Provider = ShownEngine["provider"];
export type EngineKind = "hearing" | "speaking";

export const PROVIDERS: readonly Provider[] = ["openai", "deepgram", "elevenlabs", "google", "openai-compatible", "browser"];
export const SAMPLE_RATES = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

/** An engine as the form has it. Of a kept key the value is not known here: an empty one leaves it as it is. */
export interface EngineRow {
  readonly provider: Provider;
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly language: string;
  /** Of one that speaks. */
  readonly voice: string;
  readonly speed: string;
  readonly sampleRate: string;
  readonly isKept: boolean;
}

/** A model that hears and speaks itself, as the form has it. */
export type RealtimeForm = Partial<Omit<RealtimeBody, "prices">> & { readonly prices?: Partial<NonNullable<RealtimeBody["prices"]>> };
type RealtimeBody = NonNullable<ReplaceAssistantVoiceBody["realtime"]>;

export type VoiceForm = Omit<ReplaceAssistantVoiceBody, EngineKind | "realtime"> & {
  readonly isRealtime: boolean;
  readonly realtime: RealtimeForm;
  readonly hearing: readonly EngineRow[];
  readonly speaking: readonly EngineRow[];
};

export const NEW_VOICE: VoiceForm = { enabled: false, isRealtime: false, realtime: {}, hearing: [], speaking: [] };
export const NEW_ENGINE: EngineRow = {
  provider: "openai",
  model: "",
  baseUrl: "",
  apiKey: "",
  language: "",
  voice: "",
  speed: "",
  sampleRate: "",
  isKept: false,
};

/** Faults at these stand at a field; an engine's own stand at its row. */
const FIELDS = [
  "enabled",
  "greeting",
  "fillers",
  "style",
  "recording",
  "longestMs",
  "idleMs",
  "concurrentCalls",
  "turns",
  "isRealtime",
  "realtime",
  "hearing",
  "speaking",
];

export function isVoiceField(path: string): boolean {
  return FIELDS.includes(path.split("/")[1] ?? "");
}

export function voiceForm({ source: _source, hearing, speaking, realtime, ...rest }: AssistantVoice): VoiceForm {
  const { apiKeySet: _set, ...own } = realtime ?? { apiKeySet: false };
  return { ...rest, isRealtime: realtime !== undefined, realtime: own, hearing: hearing.map(rowOf), speaking: speaking.map(rowOf) };
}

function rowOf({ apiKeySet, speed, sampleRate, ...engine }: Partial<ShownEngine>): EngineRow {
  const numbers = { speed: String(speed ?? ""), sampleRate: String(sampleRate ?? "") };
  return { ...NEW_ENGINE, ...engine, ...numbers, isKept: apiKeySet === true };
}

type Engines = Pick<VoiceForm, "isRealtime" | EngineKind>;

/** What calls that are allowed cannot be made without; undefined: nothing is missing, or none are allowed. */
export function lackingOf({
  enabled,
  isRealtime,
  hearing,
  speaking,
}: Engines & Pick<VoiceForm, "enabled">): EngineKind | "both" | undefined {
  if (enabled !== true || isRealtime || (hearing.length > 0 && speaking.length > 0)) return undefined;
  if (hearing.length > 0) return "speaking";
  return speaking.length > 0 ? "hearing" : "both";
}

/** What the customer's browser does comes to no server, so no recording has it. */
export function unrecordedOf({ isRealtime, hearing, speaking }: Engines): EngineKind | "both" | undefined {
  const byBrowser = (rows: readonly EngineRow[]): boolean => !isRealtime && rows[0]?.provider === "browser";
  if (byBrowser(hearing)) return byBrowser(speaking) ? "both" : "hearing";
  return byBrowser(speaking) ? "speaking" : undefined;
}

/** Whether an engine has no model of its own that stays, so one has to be named. */
export function needsModel(kind: EngineKind, provider: Provider): boolean {
  return provider === "openai-compatible" || (provider === "openai" && kind === "speaking");
}

/** Everything is sent, for it replaces what there was; a key only if it was typed. */
export function voiceBody(form: VoiceForm): ReplaceAssistantVoiceBody {
  const { hearing, speaking, greeting = "", fillers = [], turns = {}, recording, isRealtime, realtime, ...rest } = form;
  const said = fillers.map((one) => one.trim()).filter((one) => one !== "");
  return {
    ...rest,
    ...(greeting.trim() === "" ? {} : { greeting: greeting.trim() }),
    ...(said.length === 0 ? {} : { fillers: said }),
    ...(Object.keys(turns).length === 0 ? {} : { turns }),
    ...(recording?.enabled === true ? { recording } : {}),
    hearing: hearing.map(hearingBody),
    speaking: speaking.map(speakingBody),
    ...(isRealtime ? { realtime: realtimeBody(realtime) } : {}),
  };
}

/** What a test is asked of; what it costs is no part of that. Undefined: no such model answers. */
export function realtimeTest({ isRealtime, realtime: { prices: _prices, ...own } }: VoiceForm): TestAssistantVoiceBody | undefined {
  return isRealtime ? { realtime: realtimeBody(own) } : undefined;
}

/** What is missing of prices, the server says. */
function realtimeBody({ prices, ...own }: RealtimeForm): RealtimeBody {
  const given = prices === undefined || Object.keys(prices).length === 0 ? {} : { prices: prices as NonNullable<RealtimeBody["prices"]> };
  return { ...own, provider: "openai", ...given };
}

export function hearingBody({ provider, model, baseUrl, apiKey, language }: EngineRow): HearingBody {
  const none = { model: "", baseUrl: "", apiKey: "" };
  const own = provider === "browser" ? { ...none, language } : { model, baseUrl, apiKey, language };
  return { provider, ...filled(own) };
}

export function speakingBody(row: EngineRow): SpeakingBody {
  const speed = row.speed === "" ? {} : { speed: Number(row.speed) };
  const isOurs = row.provider !== "browser" && row.sampleRate !== "";
  const sampleRate = isOurs ? { sampleRate: Number(row.sampleRate) as (typeof SAMPLE_RATES)[number] } : {};
  return { ...hearingBody(row), ...filled({ voice: row.voice }), ...speed, ...sampleRate };
}

/** A field that is empty has no value. */
function filled<Name extends string>(fields: Readonly<Record<Name, string>>): { [name in Name]?: string } {
  const entries = Object.entries<string>(fields).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== "")) as { [name in Name]?: string };
}
