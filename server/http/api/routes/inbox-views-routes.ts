import * as z from "zod";
import { nameSchema } from "../../../foundation/name-schema.ts";
import type { SavedView, SavedViews } from "../../../inbox/saved-views.ts";
import { type Route, route } from "../route.ts";
import { inboxQuery } from "./inbox-query.ts";

export interface InboxViewsRoutesPorts {
  readonly views: SavedViews;
}

const text = z.string().min(1).max(200);
/** As the address of a list has it: a time that was yesterday stays what it was. */
const querySchema = z.strictObject({
  ...inboxQuery,
  assistant: text.optional(),
  customer: text.optional(),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
});
const viewSchema = z
  .object({ id: z.string(), name: z.string(), query: z.record(z.string(), z.string()).describe("The query of the list of conversations.") })
  .meta({ id: "InboxView" });
const one = z.object({ id: z.string().max(64) });

/** Views of the inbox that each member keeps for themselves. */
export function inboxViewsRoutes({ views }: InboxViewsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/inbox-views",
      operationId: "listInboxViews",
      tag: "Inbox",
      summary: "One's own views, by name",
      action: "conversations.read",
      response: z.object({ items: z.array(viewSchema) }),
      handle: async ({ staff }) => ({ body: { items: (await views.of(staff.id)).map(shown) } }),
    }),
    route({
      method: "POST",
      path: "/inbox-views",
      operationId: "createInboxView",
      tag: "Inbox",
      summary: "Keeps a view for oneself",
      action: "conversations.read",
      body: z.strictObject({ name: nameSchema, query: querySchema }),
      response: viewSchema,
      creates: true,
      status: 201,
      handle: async ({ staff, body: { name, query } }) => {
        const made = await views.create(staff.id, { name, query: texts(query) });
        return { body: shown(made), version: made.version, location: `/inbox-views/${made.id}` };
      },
    }),
    route({
      method: "GET",
      path: "/inbox-views/{id}",
      operationId: "readInboxView",
      tag: "Inbox",
      summary: "One of one's own views",
      action: "conversations.read",
      params: one,
      response: viewSchema,
      handle: async ({ staff, params: { id } }) => {
        const found = await views.get(staff.id, id);
        return { body: shown(found), version: found.version };
      },
    }),
    route({
      method: "PATCH",
      path: "/inbox-views/{id}",
      operationId: "changeInboxView",
      tag: "Inbox",
      summary: "Changes the name of a view, or what it shows",
      action: "conversations.read",
      params: one,
      body: z.strictObject({ name: nameSchema.optional(), query: querySchema.optional() }),
      response: viewSchema,
      versioned: true,
      handle: async ({ staff, params: { id }, body: { name, query }, ifVersion = 0 }) => {
        const change = { ...(name === undefined ? {} : { name }), ...(query === undefined ? {} : { query: texts(query) }) };
        const changed = await views.update(staff.id, id, ifVersion, change);
        return { body: shown(changed), version: changed.version };
      },
    }),
    route({
      method: "DELETE",
      path: "/inbox-views/{id}",
      operationId: "removeInboxView",
      tag: "Inbox",
      summary: "Removes one of one's own views",
      action: "conversations.read",
      params: one,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { id }, ifVersion = 0 }) => {
        await views.remove(staff.id, id, ifVersion);
        return { body: null };
      },
    }),
  ];
}

function shown({ id, name, query }: SavedView): z.input<typeof viewSchema> {
  return { id, name, query: { ...query } };
}

function texts(query: z.output<typeof querySchema>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
