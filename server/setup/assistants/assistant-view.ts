/** An assistant as staff see it: everything but its key. */
import * as z from "zod";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import { type AssistantRecord, assistantSettingsSchema, ownerSchema } from "./assistant-record.ts";

/** Settings as they are shown. */
export const shownSettingsSchema = assistantSettingsSchema.omit({ model: true }).extend({
  model: assistantSettingsSchema.shape.model.omit({ apiKey: true }).extend({
    apiKeySet: z.boolean().describe("Whether there is a key. It is write-only."),
  }),
});
export type ShownSettings = z.output<typeof shownSettingsSchema>;

export const assistantViewSchema = shownSettingsSchema.extend({
  key: keySchema,
  source: z.enum(["file", "api"]).describe("file: the configuration file declares it, so it is changed there."),
  owner: ownerSchema.optional(),
  connectors: z.array(z.string()).describe("The identifiers of its servers."),
  version: z.int().optional().describe("The number of the published version."),
  hasDraft: z.boolean().describe("Whether changes wait to be published."),
  createdAt: z.number().optional(),
  updatedAt: z.number().optional(),
});
export type AssistantView = z.output<typeof assistantViewSchema>;

interface Viewed extends AssistantRecord {
  readonly key: string;
  readonly number: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function assistantView(
  { key, owner, settings, number, createdAt, updatedAt }: Viewed,
  { connectors, hasDraft }: { connectors: readonly string[]; hasDraft: boolean },
): AssistantView {
  const more = { connectors: [...connectors], version: number, hasDraft, createdAt, updatedAt };
  return { key, source: "api", owner, ...shownSettings(settings), ...more };
}

export function declaredView(assistant: Assistant): AssistantView {
  const { connectors, identity: _identity, voice: _voice, ...settings } = assistant;
  return assistantViewSchema.parse({
    source: "file",
    ...settings,
    model: shownModel(settings.model),
    connectors: connectors.map(({ server }) => server),
    hasDraft: false,
  });
}

/** What the audit log has of an assistant. */
export function auditedAssistant({ owner, settings }: AssistantRecord): Readonly<Record<string, unknown>> {
  return { owner, ...shownSettings(settings) };
}

/** Without the key. */
export function shownSettings(settings: AssistantRecord["settings"]): ShownSettings {
  return { ...settings, model: shownModel(settings.model) };
}

type Model = AssistantRecord["settings"]["model"];

/** Some addresses have tokens in their query. */
function shownModel({ apiKey, baseUrl, ...model }: Model): AssistantView["model"] {
  return { ...model, ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\?.*$/s, "?…") }), apiKeySet: apiKey !== undefined };
}
