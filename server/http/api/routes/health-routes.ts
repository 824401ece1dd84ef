import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import { type AssistantHealth, healthSchema, healthSummarySchema } from "../../../setup/health/assistant-health.ts";
import { sightingsSchema } from "../../../setup/health/assistant-pages.ts";
import { LONGEST_PAGE, page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface HealthRoutesPorts {
  readonly health: AssistantHealth;
}

const params = z.object({ key: keySchema });

const summaryQuery = pageQuery.extend({
  keys: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(keySchema).max(LONGEST_PAGE))
    .optional()
    .describe(`Only these assistants: keys with commas between them, at most ${LONGEST_PAGE}. By default all.`),
});

/** How assistants are: what is wrong with them, and on which pages they are. */
export function healthRoutes({ health }: HealthRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/assistants/{key}/sightings",
      operationId: "readAssistantSightings",
      tag: "Assistants",
      summary: "The pages that came to an assistant, and those that were turned away, as the traffic shows it. Origins only",
      action: "assistants.health",
      params,
      response: sightingsSchema.meta({ id: "AssistantSightings" }),
      handle: async ({ staff, params: { key } }) => ({ body: await health.sightings(staff, key) }),
    }),
    route({
      method: "GET",
      path: "/assistants/{key}/health",
      operationId: "readAssistantHealth",
      tag: "Assistants",
      summary: "What is wrong or risky with an assistant, the worst first. It asks nobody outside",
      action: "assistants.health",
      params,
      response: healthSchema.meta({ id: "AssistantHealth" }),
      handle: async ({ staff, params: { key } }) => ({ body: { findings: [...(await health.of(staff, key))] } }),
    }),
    route({
      method: "GET",
      path: "/assistants-health",
      operationId: "listAssistantsHealth",
      tag: "Assistants",
      summary: "How many things are broken or risky with each assistant that one may change",
      action: "assistants.health",
      query: summaryQuery,
      response: pageOf(healthSummarySchema.meta({ id: "AssistantHealthSummary" })),
      handle: async ({ staff, query }) => {
        const read = (after: string | undefined, limit: number) =>
          health.summary(staff, { limit, keys: query.keys, ...(after === undefined ? {} : { after }) });
        return { body: await page(query, readTextCursor, read, ({ assistant }) => assistant) };
      },
    }),
  ];
}
