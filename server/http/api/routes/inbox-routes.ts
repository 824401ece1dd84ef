import * as z from "zod";
import { nameSchema } from "../../../foundation/name-schema.ts";
import { actorOf } from "../../../identity/staff/actor-of.ts";
import type { Assignees } from "../../../identity/staff/assignees.ts";
import { type Inbox, INBOX_VIEWS, MOST_COUNTED, MOST_TAGS } from "../../../inbox/inbox.ts";
import type { AskedChange, InboxChanges } from "../../../inbox/inbox-changes.ts";
import type { Clock } from "../../../foundation/clock.ts";
import { type Route, route } from "../route.ts";
import { assigneeSchema, prioritySchema } from "./conversation-schemas.ts";
import { given } from "./filter-query.ts";
import { memberOf } from "./inbox-query.ts";

export interface InboxRoutesPorts {
  readonly inbox: Pick<Inbox, "countInbox">;
  readonly changes: InboxChanges;
  readonly assignees: Pick<Assignees, "list">;
  readonly clock: Pick<Clock, "now">;
}

const conversation = z.object({ id: z.string().max(200) });
const tags = z.array(nameSchema.max(40)).max(MOST_TAGS);
const countSchema = z.object({
  count: z.int().describe(`At most ${MOST_COUNTED}: there may be more.`),
  unread: z.int().describe(`Of the newest ${MOST_COUNTED}: those with something that whoever asks has not seen.`),
});
const countsSchema = z
  .object(
    Object.fromEntries(INBOX_VIEWS.filter((view) => view !== "all").map((view) => [view, countSchema])) as Record<
      Exclude<(typeof INBOX_VIEWS)[number], "all">,
      typeof countSchema
    >,
  )
  .meta({ id: "InboxCounts" });
const time = z.number().int().min(0).max(8_640_000_000_000_000);

/** What staff keep about conversations. The lists are in `conversations-routes.ts`. */
export function inboxRoutes({ inbox, changes, assignees, clock }: InboxRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/inbox/counts",
      operationId: "readInboxCounts",
      tag: "Inbox",
      summary: "How many conversations each view has, and how many of them are unread",
      action: "conversations.read",
      response: countsSchema,
      handle: async ({ staff }) => ({ body: await inbox.countInbox(memberOf(staff), clock.now()) }),
    }),
    route({
      method: "GET",
      path: "/inbox/assignees",
      operationId: "listAssignees",
      tag: "Inbox",
      summary: "To whom conversations can be given: groups, and people who may answer",
      action: "conversations.read",
      query: z.object({ q: z.string().max(200).optional(), limit: z.coerce.number<string>().int().min(1).max(200).default(50) }),
      response: z.object({ items: z.array(z.object({ kind: z.enum(["person", "group"]), id: z.string(), name: z.string() })) }),
      handle: async ({ query: { q, limit } }) => ({
        body: { items: [...(await assignees.list({ limit, ...(q === undefined ? {} : { q }) }))] },
      }),
    }),
    route({
      method: "PATCH",
      path: "/conversations/{id}/inbox",
      operationId: "changeInbox",
      tag: "Inbox",
      summary: "Gives a conversation to somebody, tags it, ranks it, or puts it off. What is absent stays",
      action: "conversations.write",
      refuses: ["unknown-conversation", "already-assigned"],
      params: conversation,
      body: z.strictObject({
        assignee: assigneeSchema.nullable().optional().describe("null: nobody."),
        was: assigneeSchema
          .nullable()
          .optional()
          .describe("Whom you saw that it was given to: refused as already-assigned when that has changed."),
        addTags: tags.optional(),
        removeTags: z.array(z.string().max(40)).max(MOST_TAGS).optional(),
        priority: prioritySchema.optional(),
        snoozedUntil: time
          .nullable()
          .optional()
          .describe("Put off until then: it comes back by itself, or when the customer writes. null: not any longer."),
      }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id }, body }) => {
        await changes.change(actorOf(staff), id, given(body) as AskedChange);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/conversations/{id}/seen",
      operationId: "markSeen",
      tag: "Inbox",
      summary: "Whoever asks has seen everything up to this event",
      action: "conversations.read",
      refuses: ["unknown-conversation"],
      params: conversation,
      body: z.strictObject({ seq: z.int().min(0) }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id }, body: { seq } }) => {
        await changes.seen(staff, id, seq);
        return { body: null };
      },
    }),
  ];
}
