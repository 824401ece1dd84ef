import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import { NOTE_CHARACTERS, versionSchema } from "../../../setup/assistants/assistant-versions.ts";
import { versionDetailSchema, type VersionRegistry } from "../../../setup/assistants/version-registry.ts";
import { page, pageOf, pageQuery, readNumberCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { answer, assistantAnswer } from "./assistants-routes.ts";

const ofAssistant = z.object({ key: keySchema });
const version = z.object({ key: keySchema, number: z.coerce.number<string>().int().min(1).max(999_999_999) });

/** What was published of an assistant, and going back to it. */
export function assistantVersionsRoutes({ versions }: { readonly versions: VersionRegistry }): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/assistants/{key}/versions",
      operationId: "listVersions",
      tag: "Assistants",
      summary: "What was published of an assistant: who, when and which fields, newest first",
      action: "assistants.read",
      params: ofAssistant,
      query: pageQuery,
      response: pageOf(versionSchema.meta({ id: "Version" })),
      handle: async ({ staff, params: { key }, query }) => {
        const read = (before: number | undefined, limit: number) => versions.list(staff, key, { before, limit });
        return { body: await page(query, readNumberCursor, read, ({ number }) => number) };
      },
    }),
    route({
      method: "GET",
      path: "/assistants/{key}/versions/{number}",
      operationId: "readVersion",
      tag: "Assistants",
      summary: "A version with its settings, without the model's key",
      action: "assistants.read",
      params: version,
      response: versionDetailSchema.meta({ id: "VersionDetail" }),
      handle: async ({ staff, params: { key, number } }) => ({ body: await versions.get(staff, key, number) }),
    }),
    route({
      method: "POST",
      path: "/assistants/{key}/versions/{number}/restore",
      operationId: "restoreVersion",
      tag: "Assistants",
      summary: "Publishes the settings of a version as a new one. Its connectors stay as they are",
      action: "assistants.write",
      refuses: ["read-only"],
      params: version,
      body: z.strictObject({
        note: z.string().max(NOTE_CHARACTERS).optional(),
        keepAllowedOrigins: z
          .boolean()
          .default(false)
          .describe("Whether the websites that are allowed now stay allowed, instead of those of the version."),
        apiKey: z
          .string()
          .min(1)
          .max(8192)
          .nullable()
          .optional()
          .describe("The model's key, where the present one is for another provider or address. Write-only; null: none."),
      }),
      response: assistantAnswer,
      versioned: true,
      handle: async ({ staff, params: { key, number }, body, ifVersion }) =>
        answer(await versions.restore(staff, key, { ...body, number }, ifVersion)),
    }),
  ];
}
