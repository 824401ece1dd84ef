import * as z from "zod";
import { namePosition } from "../../../documents/listed-by.ts";
import type { Invitation } from "../../../identity/staff/invitation.ts";
import type { People } from "../../../identity/staff/people.ts";
import { nameSchema } from "../../../foundation/name-schema.ts";
import { emailSchema, rolesSchema } from "../../../identity/staff/person-record.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { personSchema, shownPerson } from "./person-schema.ts";

export interface PeopleRoutesPorts {
  readonly people: People;
  /** How browsers reach the server: where invitations lead to. */
  readonly publicUrl: () => string;
}

const params = z.object({ id: z.string().max(64) });
const invitationSchema = z
  .object({
    url: z.string().describe("The one-time link to set a password. Give it to the person; it is shown now and never again."),
    expiresAt: z.number(),
  })
  .meta({ id: "Invitation" });

/** The staff: invited, given roles, disabled, removed. */
export function peopleRoutes({ people, publicUrl }: PeopleRoutesPorts): readonly Route[] {
  const shown = ({ token, expiresAt }: Invitation): z.input<typeof invitationSchema> => ({
    url: `${publicUrl()}/invitation#${token}`,
    expiresAt,
  });
  return [
    route({
      method: "GET",
      path: "/people",
      operationId: "listPeople",
      tag: "People",
      summary: "Everybody of the staff",
      action: "people.read",
      query: searchQuery,
      response: pageOf(personSchema),
      handle: async ({ query }) => {
        const list = (after: string | undefined, limit: number) => people.list(listed(after, limit, query.q));
        const { items, ...rest } = await page(query, readTextCursor, list, (one) => namePosition("person", one.id, one));
        return { body: { items: items.map(shownPerson), ...rest } };
      },
    }),
    route({
      method: "POST",
      path: "/people",
      operationId: "invitePerson",
      tag: "People",
      summary: "Invites somebody, and answers with the link for them",
      action: "people.write",
      refuses: ["already-exists"],
      body: z.strictObject({ name: nameSchema, email: emailSchema, roles: rolesSchema }),
      response: z.object({ person: personSchema, invitation: invitationSchema }),
      creates: true,
      status: 201,
      handle: async ({ staff, body }) => {
        const { person, invitation } = await people.invite(staff, body);
        return {
          body: { person: shownPerson(person), invitation: shown(invitation) },
          version: person.version,
          location: `/people/${person.id}`,
        };
      },
    }),
    route({
      method: "GET",
      path: "/people/{id}",
      operationId: "readPerson",
      tag: "People",
      summary: "One of the staff",
      action: "people.read",
      params,
      response: personSchema,
      handle: async ({ params: { id } }) => {
        const person = await people.get(id);
        return { body: shownPerson(person), version: person.version };
      },
    }),
    route({
      method: "PATCH",
      path: "/people/{id}",
      operationId: "updatePerson",
      tag: "People",
      summary: "Changes name, address, roles, or whether they may sign in at all",
      action: "people.write",
      refuses: ["last-admin"],
      params,
      body: z.strictObject({
        name: nameSchema.optional(),
        email: emailSchema.optional(),
        roles: rolesSchema.optional(),
        disabled: z.boolean().optional().describe("Their sessions end at once."),
      }),
      response: personSchema,
      versioned: true,
      handle: async ({ staff, params: { id }, body, ifVersion = 0 }) => {
        const person = await people.update(staff, id, ifVersion, body);
        return { body: shownPerson(person), version: person.version };
      },
    }),
    route({
      method: "DELETE",
      path: "/people/{id}",
      operationId: "removePerson",
      tag: "People",
      summary: "Removes somebody, with their sessions and memberships",
      action: "people.write",
      refuses: ["last-admin"],
      params,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { id }, ifVersion = 0 }) => {
        await people.remove(staff, id, ifVersion);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/people/{id}/invitation",
      operationId: "renewInvitation",
      tag: "People",
      summary: "A new link to set a password; earlier ones end",
      action: "people.write",
      params,
      response: invitationSchema,
      creates: true,
      status: 201,
      handle: async ({ staff, params: { id } }) => ({ body: shown(await people.inviteAgain(staff, id)) }),
    }),
  ];
}
