/** What an assistant hears and speaks with, in the configuration file and over the API alike. */
import * as z from "zod";
import { SPEECH_PROVIDERS, type SpeechProvider } from "../conversation/ports/voice.ts";
import { httpUrl } from "../foundation/http-url.ts";

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

const apiKey = engineKeySchema.exactOptional().describe('Write "${NAME}" and set NAME in the environment.');

export const voiceEnabledSchema = z.boolean().default(false).describe("Whether customers may talk with the assistant aloud.");

/** A list of engines, in the order in which they are asked. */
export function enginesOf<Engine extends z.ZodType>(engine: Engine, what: string) {
  return z.array(engine).max(MOST_ENGINES).default([]).describe(`${what} The next one is asked where one fails.`);
}
export const HEARS = "The engines that turn what customers say into text.";
export const SPEAKS = "The engines that say answers aloud.";

export const voiceSchema = z.strictObject({
  enabled: voiceEnabledSchema,
  hearing: enginesOf(z.strictObject({ ...hearingFields, apiKey }), HEARS),
  speaking: enginesOf(z.strictObject({ ...speakingFields, apiKey }), SPEAKS),
});
