import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import { idSchema } from "../../../../protocol/identifiers.ts";
import type { StaffDesk } from "../../../conversation/staff-desk.ts";
import type { Store } from "../../../conversation/ports/store.ts";
import { staffView } from "../../../conversation/staff-view.ts";
import type { ConversationList } from "../../../inbox/conversations.ts";
import { page, pageOf, pageQuery, readNumberCursor, readTextCursor, writeCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { eventSchema, placeOf, placeText, summarySchema } from "./conversation-schemas.ts";
import { given, timeQuery } from "./filter-query.ts";
import { writtenSchema } from "./written-schema.ts";

export interface ConversationsRoutesPorts {
  readonly conversations: ConversationList;
  readonly journal: Pick<Store, "find" | "readBefore" | "readResult">;
  readonly desk: Pick<StaffDesk, "settleCall">;
  /** Whether staff may read what the model of this assistant thought. */
  readonly showsThoughts: (assistant: string) => boolean;
}

const conversation = z.object({ id: z.string().max(200) });
/** What support reads, and what support may do in a conversation. */
export function conversationsRoutes({ conversations, journal, desk, showsThoughts }: ConversationsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/conversations",
      operationId: "listConversations",
      tag: "Conversations",
      summary: "Conversations, newest first",
      action: "conversations.read",
      query: z.object({
        ...pageQuery.shape,
        ...timeQuery,
        assistant: z.string().max(200).optional(),
        customer: z.string().max(200).optional(),
        preview: z.stringbool().optional().describe("true: only conversations in previews, which are left out otherwise."),
        waiting: z.stringbool().optional().describe("true: only those in which staff may decide something now."),
      }),
      response: pageOf(summarySchema),
      handle: async ({ query: { cursor, limit, ...rest } }) => {
        const filter = given(rest);
        const body = await page(
          { cursor, limit },
          readTextCursor,
          (after, rows) =>
            conversations.listConversations({ filter, limit: rows, ...(after === undefined ? {} : { after: placeOf(after) }) }),
          placeText,
        );
        return { body };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}",
      operationId: "readConversation",
      tag: "Conversations",
      summary: "A conversation, without its events",
      action: "conversations.read",
      refuses: ["unknown-conversation"],
      params: conversation,
      response: summarySchema,
      handle: async ({ params: { id } }) => {
        const found = await conversations.findSummary(id);
        if (found === undefined) throw new RequestError("unknown-conversation");
        return { body: found };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}/events",
      operationId: "readEvents",
      tag: "Conversations",
      summary: "The newest events, in order; `next` leads to the ones before them",
      action: "conversations.read",
      refuses: ["unknown-conversation"],
      params: conversation,
      query: pageQuery,
      response: pageOf(eventSchema),
      handle: async ({ params: { id }, query: { cursor, limit } }) => {
        const found = await journal.find(id);
        if (found === undefined) throw new RequestError("unknown-conversation");
        const events = await journal.readBefore(id, readNumberCursor(cursor) ?? found.lastSeq + 1, limit);
        const shown = { thoughts: showsThoughts(found.assistant) };
        const items = events.map((event) => ({ ...staffView(event, shown) }));
        const first = items[0]?.seq ?? 1;
        return { body: { items, ...(first > 1 ? { next: writeCursor(first) } : {}) } };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}/calls/{callId}/result",
      operationId: "readCallResult",
      tag: "Conversations",
      summary: "The whole result of a call, as far as it was kept",
      action: "conversations.read",
      params: z.object({ id: z.string().max(200), callId: z.string().max(200) }),
      response: z.object({ content: z.array(z.unknown()), structured: z.unknown().optional() }),
      handle: async ({ params: { id, callId } }) => {
        const result = await journal.readResult(id, callId);
        if (result === undefined) throw new RequestError("not-found", { detail: `No result of the call ${callId} is kept.` });
        return { body: { ...result, content: [...result.content] } };
      },
    }),
    route({
      method: "POST",
      path: "/conversations/{id}/calls/{callId}/settle",
      operationId: "settleCall",
      tag: "Conversations",
      summary: "Says how a call that ended unknown really ended",
      action: "approvals.decide",
      refuses: ["unknown-call", "request-over", "already-decided", "busy"],
      params: z.object({ id: idSchema, callId: idSchema }),
      body: z.strictObject({ outcome: z.enum(["ok", "failed"]), note: z.string().max(500).optional() }),
      response: writtenSchema,
      handle: async ({ staff, params: { id, callId }, body: { outcome, note } }) => {
        const settled = { conversationId: id, callId, outcome, ...(note === undefined ? {} : { note }) };
        return { body: await desk.settleCall(staff, settled) };
      },
    }),
  ];
}
