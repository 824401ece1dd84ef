import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import { staffView } from "../../../conversation/staff-view.ts";
import type { PreviewConversations } from "../../../setup/assistants/preview-conversations.ts";
import { page, pageOf, pageQuery, readNumberCursor, readTextCursor, writeCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { eventSchema, placeOf, placeText, summarySchema } from "./conversation-schemas.ts";

export interface PreviewConversationsRoutesPorts {
  readonly previewConversations: PreviewConversations;
  /** Whether staff may read what the model of this assistant thought. */
  readonly showsThoughts: (assistant: string) => boolean;
}

const params = z.object({ key: keySchema });
const path = "/assistants/{key}/preview/conversations";

/** What a draft did, for whoever may change it. */
export function previewConversationsRoutes({ previewConversations, showsThoughts }: PreviewConversationsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path,
      operationId: "listPreviewConversations",
      tag: "Assistants",
      summary: "The conversations in previews of an assistant that one may change, newest first. Customers' are not among them",
      action: "assistants.test",
      refuses: ["read-only"],
      params,
      query: pageQuery,
      response: pageOf(summarySchema),
      handle: async ({ staff, params: { key }, query }) => {
        const read = (after: string | undefined, limit: number) =>
          previewConversations.list(staff, key, { limit, ...(after === undefined ? {} : { after: placeOf(after) }) });
        return { body: await page(query, readTextCursor, read, placeText) };
      },
    }),
    route({
      method: "GET",
      path: `${path}/{id}/events`,
      operationId: "readPreviewEvents",
      tag: "Assistants",
      summary: "The newest events of one of them, in order; `next` leads to the ones before them",
      action: "assistants.test",
      refuses: ["read-only", "unknown-conversation"],
      params: params.extend({ id: z.string().max(200) }),
      query: pageQuery,
      response: pageOf(eventSchema),
      handle: async ({ staff, params: { key, id }, query: { cursor, limit } }) => {
        const events = await previewConversations.events(staff, { assistant: key, id }, { before: readNumberCursor(cursor), limit });
        const shown = { thoughts: showsThoughts(key) };
        const first = events[0]?.seq ?? 1;
        return {
          body: { items: events.map((event) => ({ ...staffView(event, shown) })), ...(first > 1 ? { next: writeCursor(first) } : {}) },
        };
      },
    }),
  ];
}
