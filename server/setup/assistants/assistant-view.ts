/** An assistant as staff see it: everything but its key. */
import * as z from "zod";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import { type AssistantRecord, assistantSettingsSchema, ownerSchema } from "./assistant-record.ts";

export const assistantViewSchema = assistantSettingsSchema.omit({ model: true }).extend({
  key: keySchema,
  source: z.enum(["file", "api"]).describe("file: the configuration file declares it, so it is changed there."),
  owner: ownerSchema.optional(),
  model: assistantSettingsSchema.shape.model.omit({ apiKey: true }).extend({
    apiKeySet: z.boolean().describe("Whether there is a key. It is write-only."),
  }),
  connectors: z.array(z.string()).describe("The identifiers of its servers."),
  createdAt: z.number().optional(),
  updatedAt: z.number().optional(),
});
export type AssistantView = z.output<typeof assistantViewSchema>;

interface Viewed extends AssistantRecord {
  readonly key: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function assistantView({ key, owner, settings, createdAt, updatedAt }: Viewed, connectors: readonly string[]): AssistantView {
  return { key, source: "api", owner, ...settings, model: shownModel(settings.model), connectors: [...connectors], createdAt, updatedAt };
}

export function declaredView(assistant: Assistant): AssistantView {
  const { connectors, ...settings } = assistant;
  return assistantViewSchema.parse({
    source: "file",
    ...settings,
    model: shownModel(settings.model),
    connectors: connectors.map(({ server }) => server),
  });
}

/** What the audit log has of an assistant. */
export function auditedAssistant({ owner, settings }: AssistantRecord): Readonly<Record<string, unknown>> {
  return { owner, ...settings, model: shownModel(settings.model) };
}

type Model = AssistantRecord["settings"]["model"];

/** Some addresses have tokens in their query. */
function shownModel({ apiKey, baseUrl, ...model }: Model): AssistantView["model"] {
  return { ...model, ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\?.*$/s, "?…") }), apiKeySet: apiKey !== undefined };
}
