/** What an assistant hears and speaks with, in the configuration file and over the API alike. */
import * as z from "zod";
import { SPEECH_PROVIDERS, type SpeechProvider } from "../conversation/ports/voice.ts";
import { httpUrl } from "../foundation/http-url.ts";
import { durationMs, positive } from "./numbers.ts";
import { pricesSchema } from "./prices-schema.ts";

/** One that answers, and some for when it does not. */
const MOST_ENGINES = 5;

export const engineKeySchema = z.string().min(1).max(8192);
const languageSchema = z
  .string()
  .max(35)
  .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'expected a language such as "en" or "pt-BR"')
  .describe("The language that is spoken. By default the engine finds it out, or takes its own.");

/** `apiKey` apart: it is written in another way over the API. */
export const hearingFields = {
  provider: z.enum(Object.keys(SPEECH_PROVIDERS) as SpeechProvider[]),
  model: z
    .string()
    .min(1)
    .max(200)
    .exactOptional()
    .describe("The provider's name for the model. By default a present one of the provider."),
  baseUrl: httpUrl.max(2048).exactOptional().describe("The address of the engine's API. Needed for openai-compatible."),
  language: languageSchema.exactOptional(),
};
export const speakingFields = {
  ...hearingFields,
  voice: z.string().min(1).max(200).exactOptional().describe("The provider's name, or id, of the voice."),
  speed: z.number().min(0.25).max(4).exactOptional().describe("1 is the voice's own."),
  sampleRate: z
    .union([8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000].map((rate) => z.literal(rate)))
    .exactOptional()
    .describe("Samples a second of the PCM that the engine sends. By default 24,000."),
};

const { model, baseUrl, language, voice } = speakingFields;
/** Of a model that hears and speaks itself. */
export const realtimeFields = {
  provider: z.literal("openai"),
  model,
  baseUrl,
  language,
  voice,
  speed: z.number().min(0.25).max(1.5).exactOptional().describe("1 is the voice's own."),
  prices: pricesSchema.exactOptional().describe("What the model costs, for budgets and usage. By default that is not known."),
};
export const REALTIME_DOES =
  "A model that answers calls in place of the assistant's, and hears and speaks itself. The engines are for where it fails, and for what is not the model's to say: fillers, and the questions of approvals.";

const apiKey = engineKeySchema.exactOptional().describe('Write "${NAME}" and set NAME in the environment.');

const MOST_FILLERS = 20;
const LONGEST_SENTENCE = 200;
const LONGEST_GREETING = 500;
const LONGEST_QUIET_MS = 5_000;
const HOUR_MS = 60 * 60_000;

const quiet = durationMs(LONGEST_QUIET_MS).exactOptional();

/** All but the engines. */
export const voiceFields = {
  enabled: z.boolean().default(false).describe("Whether customers may talk with the assistant aloud."),
  greeting: z.string().min(1).max(LONGEST_GREETING).exactOptional().describe("Said when a call begins. By default nothing."),
  fillers: z
    .array(z.string().min(1).max(LONGEST_SENTENCE))
    .max(MOST_FILLERS)
    .exactOptional()
    .describe("Short sentences, one of which is said while a tool takes longer than a second. By default those of the call's language."),
  style: z
    .enum(["spoken", "plain"])
    .exactOptional()
    .describe("spoken: the model is told that its answer is heard, not read. plain: it is not. By default spoken."),
  recording: z
    .strictObject({ enabled: z.boolean().default(false).describe("Whether calls are recorded. Customers are told before.") })
    .exactOptional()
    .describe("By default no call is recorded."),
  longestMs: durationMs(4 * HOUR_MS)
    .exactOptional()
    .describe("The longest that a call may be. By default half an hour."),
  idleMs: durationMs(HOUR_MS).exactOptional().describe("A call ends in which nobody spoke for so long. By default three minutes."),
  concurrentCalls: positive(10_000).exactOptional().describe("How many calls there may be at once. By default 20."),
  turns: z
    .strictObject({
      endMs: quiet.describe("A turn is over after so much quiet. By default 600."),
      confirmedMs: quiet.describe("The same where only a confirming word was said, such as yes. By default 350."),
      holdingMs: quiet.describe("The same where what was said goes on, as after and. By default 1200."),
      earlyMs: quiet.describe("The model begins after so much quiet, on what is understood so far. By default 350."),
    })
    .exactOptional()
    .describe("When a customer has finished speaking. By default as measured: docs/voice.md."),
};

/** A list of engines, in the order in which they are asked. */
export function enginesOf<Engine extends z.ZodType>(engine: Engine, what: string) {
  return z.array(engine).max(MOST_ENGINES).default([]).describe(`${what} The next one is asked where one fails.`);
}
export const HEARS = "The engines that turn what customers say into text.";
export const SPEAKS = "The engines that say answers aloud.";

export const voiceSchema = z.strictObject({
  ...voiceFields,
  hearing: enginesOf(z.strictObject({ ...hearingFields, apiKey }), HEARS),
  speaking: enginesOf(z.strictObject({ ...speakingFields, apiKey }), SPEAKS),
  realtime: z
    .strictObject({ ...realtimeFields, apiKey })
    .exactOptional()
    .describe(REALTIME_DOES),
});
