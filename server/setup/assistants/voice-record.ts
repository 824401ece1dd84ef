/** What an assistant hears and speaks with, as it is sent, stored and shown. */
import * as z from "zod";
import { checkVoice } from "../../configuration/voice-checks.ts";
import {
  engineKeySchema,
  enginesOf,
  HEARS,
  hearingFields,
  REALTIME_DOES,
  realtimeFields,
  SPEAKS,
  speakingFields,
  voiceFields,
} from "../../configuration/voice-schema.ts";
import type { SpeakingEngine, SpeechEngine } from "../../conversation/ports/voice.ts";
import { pointerTo } from "../../documents/merge-patch.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";

export const givenKey = {
  apiKey: engineKeySchema
    .refine((key) => !/\$\{[^}]*\}/.test(key), "The environment is read for the configuration file only. Send the key itself.")
    .nullable()
    .exactOptional()
    .describe("Write-only. Absent: the one that an engine of this provider and address has already. null: none."),
};

export const voiceInputSchema = z.strictObject({
  ...voiceFields,
  hearing: enginesOf(z.strictObject({ ...hearingFields, ...givenKey }), HEARS),
  speaking: enginesOf(z.strictObject({ ...speakingFields, ...givenKey }), SPEAKS),
  realtime: z
    .strictObject({ ...realtimeFields, ...givenKey })
    .exactOptional()
    .describe(REALTIME_DOES),
});
export type VoiceInput = z.output<typeof voiceInputSchema>;

/** As stored: keys are sealed, and so of any length. */
const keptKey = { apiKey: z.string().exactOptional() };
export const voiceRecordSchema = z.object({
  ...voiceFields,
  hearing: z.array(z.object({ ...hearingFields, ...keptKey })),
  speaking: z.array(z.object({ ...speakingFields, ...keptKey })),
  realtime: z.object({ ...realtimeFields, ...keptKey }).exactOptional(),
});
export type VoiceRecord = z.output<typeof voiceRecordSchema>;

const shownKey = { apiKeySet: z.boolean().describe("Whether there is a key. It is write-only.") };

export const voiceViewSchema = z.object({
  ...voiceFields,
  enabled: z.boolean(),
  hearing: z.array(z.object({ ...hearingFields, ...shownKey })),
  speaking: z.array(z.object({ ...speakingFields, ...shownKey })),
  realtime: z.object({ ...realtimeFields, ...shownKey }).exactOptional(),
  source: z.enum(["file", "api"]).describe("file: the configuration file declares it, so it is changed there."),
});
export type VoiceView = z.output<typeof voiceViewSchema>;

export const NO_VOICE: VoiceRecord = { enabled: false, hearing: [], speaking: [] };

export function voiceView({ realtime, ...record }: VoiceRecord, source: VoiceView["source"]): VoiceView {
  const own = realtime === undefined ? {} : { realtime: shown(realtime) };
  return { ...record, hearing: record.hearing.map(shown), speaking: record.speaking.map(shown), ...own, source };
}

function shown<Engine extends SpeechEngine>({ apiKey, ...engine }: Engine): Omit<Engine, "apiKey"> & { readonly apiKeySet: boolean } {
  const address = engine.baseUrl === undefined ? {} : { baseUrl: shownUrl(engine.baseUrl) };
  return { ...engine, ...address, apiKeySet: apiKey !== undefined };
}

/** Some addresses have tokens in their query. */
function shownUrl(baseUrl: string): string {
  return baseUrl.replace(/\?.*$/s, "?…");
}

/** What was sent, with the keys that were not sent again. Throws `InvalidError`: an engine lacks something. */
export function withKeptKeys(input: VoiceInput, before: VoiceRecord): VoiceRecord {
  const known = [...before.hearing, ...before.speaking, ...(before.realtime === undefined ? [] : [before.realtime])];
  const { realtime, ...rest } = input;
  const record = {
    ...rest,
    hearing: input.hearing.map((engine) => withKeptKey(engine, known)),
    speaking: input.speaking.map((engine) => withKeptKey(engine, known)),
    ...(realtime === undefined ? {} : { realtime: withKeptKey(realtime, known) }),
  };
  const faults = checkVoice([], record);
  if (faults.length > 0)
    throw new InvalidError(faults.map(({ path, message, ...coded }) => ({ path: pointerTo(path), message: `${message}.`, ...coded })));
  return record;
}

type Given = VoiceInput["speaking"][number];

/** A key goes nowhere else than it went, or whoever may change the address could read it. */
function withKeptKey<Engine extends Given>(
  { apiKey, ...engine }: Engine,
  known: readonly SpeakingEngine[],
): Omit<Engine, "apiKey"> & { apiKey?: string } {
  const same = known.filter(({ provider, baseUrl }) => provider === engine.provider && isSameUrl(engine.baseUrl, baseUrl));
  const kept = same.find((one) => one.apiKey !== undefined)?.apiKey;
  const key = apiKey === undefined ? kept : (apiKey ?? undefined);
  const baseUrl = same[0]?.baseUrl ?? engine.baseUrl;
  return { ...engine, ...(baseUrl === undefined ? {} : { baseUrl }), ...(key === undefined ? {} : { apiKey: key }) };
}

/** Also as it is shown. */
function isSameUrl(given: string | undefined, known: string | undefined): boolean {
  return given === known || (given !== undefined && known !== undefined && given.endsWith("?…") && given === shownUrl(known));
}
