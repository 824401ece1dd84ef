import * as z from "zod";
import { nameSchema } from "../../../foundation/name-schema.ts";
import { namePosition } from "../../../documents/listed-by.ts";
import type { Groups } from "../../../identity/staff/groups.ts";
import { listed, page, pageOf, pageQuery, readTextCursor, searchQuery } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { personSchema, shownPerson } from "./person-schema.ts";

export interface GroupsRoutesPorts {
  readonly groups: Groups;
}

const groupSchema = z.object({ id: z.string(), name: z.string(), description: z.string(), createdAt: z.number() }).meta({ id: "Group" });
const description = z.string().max(500);
const group = z.object({ id: z.string().max(64) });
const member = z.object({ id: z.string().max(64), person: z.string().max(64) });

/** Groups of staff, with whom servers and connections are shared. */
export function groupsRoutes({ groups }: GroupsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/groups",
      operationId: "listGroups",
      tag: "Groups",
      summary: "All groups",
      action: "groups.read",
      query: searchQuery,
      response: pageOf(groupSchema),
      handle: async ({ query }) => {
        const list = (after: string | undefined, limit: number) => groups.list(listed(after, limit, query.q));
        return { body: await page(query, readTextCursor, list, (group) => namePosition("group", group.id, group)) };
      },
    }),
    route({
      method: "POST",
      path: "/groups",
      operationId: "createGroup",
      tag: "Groups",
      summary: "Makes a group",
      action: "groups.write",
      refuses: ["already-exists"],
      body: z.strictObject({ name: nameSchema, description: description.default("") }),
      response: groupSchema,
      creates: true,
      status: 201,
      handle: async ({ staff, body }) => {
        const made = await groups.create(staff, body);
        return { body: made, version: made.version, location: `/groups/${made.id}` };
      },
    }),
    route({
      method: "GET",
      path: "/groups/{id}",
      operationId: "readGroup",
      tag: "Groups",
      summary: "A group",
      action: "groups.read",
      params: group,
      response: groupSchema,
      handle: async ({ params: { id } }) => {
        const found = await groups.get(id);
        return { body: found, version: found.version };
      },
    }),
    route({
      method: "PATCH",
      path: "/groups/{id}",
      operationId: "updateGroup",
      tag: "Groups",
      summary: "Changes a group's name or description",
      action: "groups.write",
      refuses: ["already-exists"],
      params: group,
      body: z.strictObject({ name: nameSchema.optional(), description: description.optional() }),
      response: groupSchema,
      versioned: true,
      handle: async ({ staff, params: { id }, body, ifVersion = 0 }) => {
        const changed = await groups.update(staff, id, ifVersion, body);
        return { body: changed, version: changed.version };
      },
    }),
    route({
      method: "DELETE",
      path: "/groups/{id}",
      operationId: "removeGroup",
      tag: "Groups",
      summary: "Removes a group; what was shared with it is not shared with its members any more",
      action: "groups.write",
      params: group,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { id }, ifVersion = 0 }) => {
        await groups.remove(staff, id, ifVersion);
        return { body: null };
      },
    }),
    route({
      method: "GET",
      path: "/groups/{id}/members",
      operationId: "listGroupMembers",
      tag: "Groups",
      summary: "Who is in a group",
      action: "groups.read",
      params: group,
      query: pageQuery,
      response: pageOf(personSchema),
      handle: async ({ params: { id }, query }) => {
        const list = (after: string | undefined, limit: number) => groups.members(id, after === undefined ? { limit } : { after, limit });
        const { items, ...rest } = await page(query, readTextCursor, list, (person) => person.id);
        return { body: { items: items.map(shownPerson), ...rest } };
      },
    }),
    route({
      method: "PUT",
      path: "/groups/{id}/members/{person}",
      operationId: "addGroupMember",
      tag: "Groups",
      summary: "Puts somebody into a group; twice is once",
      action: "groups.write",
      params: member,
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id, person } }) => {
        await groups.add(staff, id, person);
        return { body: null };
      },
    }),
    route({
      method: "DELETE",
      path: "/groups/{id}/members/{person}",
      operationId: "removeGroupMember",
      tag: "Groups",
      summary: "Takes somebody out of a group",
      action: "groups.write",
      params: member,
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id, person } }) => {
        await groups.removeMember(staff, id, person);
        return { body: null };
      },
    }),
  ];
}
