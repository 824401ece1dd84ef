import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import type { AssistantRegistry } from "../../../setup/assistants/assistants.ts";
import type { AssistantVoices } from "../../../setup/assistants/assistant-voices.ts";
import { voiceInputSchema, voiceViewSchema } from "../../../setup/assistants/voice-record.ts";
import { voiceTestSchema, voiceTrialSchema, type VoiceTrials } from "../../../setup/assistants/voice-trials.ts";
import { type Route, route } from "../route.ts";
import { answer } from "./assistants-routes.ts";

const params = z.object({ key: keySchema });
const response = voiceViewSchema.meta({ id: "AssistantVoice" });
const path = "/assistants/{key}/voice";

export interface AssistantVoiceRoutesPorts {
  readonly trials: VoiceTrials;
  readonly voices: AssistantVoices;
  readonly assistants: AssistantRegistry;
}

/** What an assistant hears and speaks with. */
export function assistantVoiceRoutes({ voices, assistants, trials }: AssistantVoiceRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path,
      operationId: "readAssistantVoice",
      tag: "Assistants",
      summary: "What the assistant hears and speaks with; the keys of its engines are never shown",
      action: "assistants.write",
      params,
      response,
      handle: async ({ staff, params: { key } }) => answer(await voices.get(staff, key, assistants)),
    }),
    route({
      method: "PUT",
      path,
      operationId: "replaceAssistantVoice",
      tag: "Assistants",
      summary: "Sets what the assistant hears and speaks with; it holds at once, whichever version is published",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: voiceInputSchema.meta({
        examples: [
          {
            enabled: true,
            hearing: [{ provider: "deepgram", apiKey: "the key of the provider" }],
            speaking: [{ provider: "deepgram", voice: "thalia", language: "en" }],
          },
        ],
      }),
      response,
      versioned: true,
      handle: async ({ staff, params: { key }, body: input, ifVersion }) =>
        answer(await voices.replace(staff, { assistant: key, input, ifVersion }, assistants)),
    }),
    route({
      method: "POST",
      path: `${path}/test`,
      operationId: "testAssistantVoice",
      tag: "Assistants",
      summary: "Has an engine say a sentence and another hear it, or a model that does both, with delays. Stores nothing; costs a sentence",
      action: "assistants.test",
      refuses: ["rate-limited"],
      params,
      body: voiceTrialSchema.meta({
        examples: [
          { speaking: { provider: "deepgram", voice: "thalia", language: "en" }, hearing: { provider: "deepgram" } },
          { realtime: { provider: "openai", voice: "marin" } },
        ],
      }),
      response: voiceTestSchema.meta({ id: "VoiceTest" }),
      handle: async ({ staff, params: { key }, body, signal }) => ({ body: await trials.test(staff, key, body, signal) }),
    }),
  ];
}
