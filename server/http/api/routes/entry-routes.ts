import * as z from "zod";
import type { FirstAdmin } from "../../../identity/staff/first-admin.ts";
import type { People } from "../../../identity/staff/people.ts";
import { emailSchema, passwordSchema, personNameSchema } from "../../../identity/staff/person-record.ts";
import { type Route, route } from "../route.ts";

export interface EntryRoutesPorts {
  readonly people: Pick<People, "acceptInvitation">;
  readonly firstAdmin: Pick<FirstAdmin, "create">;
}

const token = z.string().min(1).max(200).describe("The part of the link after #.");

/**
 * What one-time links are used with, by people who cannot sign in yet. `/setup` and `/invitation` are the pages with
 * the forms.
 */
export function entryRoutes({ people, firstAdmin }: EntryRoutesPorts): readonly Route[] {
  return [
    route({
      method: "POST",
      path: "/setup",
      operationId: "createFirstAdmin",
      tag: "Entry",
      summary: "Makes the first admin, with the link that the server printed",
      action: "public",
      refuses: ["link-over", "already-exists"],
      body: z.strictObject({ token, name: personNameSchema, email: emailSchema, password: passwordSchema }),
      response: z.object({ id: z.string() }),
      status: 201,
      handle: async ({ body }) => ({ body: await firstAdmin.create(body) }),
    }),
    route({
      method: "POST",
      path: "/invitations/accept",
      operationId: "acceptInvitation",
      tag: "Entry",
      summary: "Sets a password, with the link that an admin gave",
      action: "public",
      refuses: ["link-over"],
      body: z.strictObject({ token, password: passwordSchema }),
      response: z.null(),
      status: 204,
      handle: async ({ body }) => {
        await people.acceptInvitation(body);
        return { body: null };
      },
    }),
  ];
}
