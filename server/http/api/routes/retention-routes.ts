import * as z from "zod";
import type { RetentionSettings } from "../../../conversation/ports/assistant.ts";
import type { Retention } from "../../../customer-data/retention.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { type Route, route } from "../route.ts";

export interface RetentionRoutesPorts {
  readonly retention: Pick<Retention, "preview">;
  /** The present settings of an assistant. Throws `RequestError` for one that this member may not read. */
  readonly settingsOf: (staff: Staff, assistant: string) => Promise<RetentionSettings | undefined>;
}

const days = z.coerce.number<string>().int().min(1).max(36_500).optional();

/** What the server is about to end by itself. */
export function retentionRoutes({ retention, settingsOf }: RetentionRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/assistants/{key}/retention",
      operationId: "previewRetention",
      tag: "Assistants",
      summary: "What the next run would take, under the present settings or those that are asked about",
      action: "assistants.read",
      params: z.object({ key: z.string().max(200) }),
      query: z.object({ conversationDays: days, traceDays: days, resultDays: days }),
      response: z
        .object({
          nextAt: z.number().describe("When it is looked for what is old; milliseconds since 1970."),
          conversations: z.int().optional().describe("So many go. Absent: conversations are kept."),
          traces: z.int().optional().describe("So many are old enough to lose their raw calls, those that have lost them included."),
          results: z.int().optional().describe("The same for their results."),
        })
        .meta({ id: "RetentionPreview" }),
      handle: async ({ staff, params: { key }, query }) => {
        const present = await settingsOf(staff, key);
        const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as RetentionSettings;
        return { body: await retention.preview(key, Object.keys(asked).length > 0 ? asked : present) };
      },
    }),
  ];
}
