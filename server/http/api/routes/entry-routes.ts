import * as z from "zod";
import type { FirstAdmin } from "../../../identity/staff/first-admin.ts";
import type { People } from "../../../identity/staff/people.ts";
import { nameSchema } from "../../../foundation/name-schema.ts";
import { emailSchema, passwordSchema } from "../../../identity/staff/person-record.ts";
import { type Route, route } from "../route.ts";

export interface EntryRoutesPorts {
  /** What the button of the sign-in provider says, where one is configured. */
  readonly provider?: { readonly name: string } | undefined;
  readonly people: Pick<People, "acceptInvitation" | "readInvitation">;
  readonly firstAdmin: Pick<FirstAdmin, "create" | "isWanted">;
}

const token = z.string().min(1).max(200).describe("The part of the link after #.");

/** For people who are not signed in yet: how one comes in, and what one-time links are used with. */
export function entryRoutes({ people, firstAdmin, provider }: EntryRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/entry",
      operationId: "readEntry",
      tag: "Entry",
      summary: "How one signs in here",
      action: "public",
      response: z.object({
        firstAdmin: z.boolean().describe("Nobody has an account yet: the link that the server printed makes the first."),
        oidc: z.object({ name: z.string() }).optional().describe("The sign-in provider, as its button names it."),
      }),
      handle: async () => ({
        body: { firstAdmin: await firstAdmin.isWanted(), ...(provider === undefined ? {} : { oidc: { name: provider.name } }) },
      }),
    }),
    route({
      method: "POST",
      path: "/setup",
      operationId: "createFirstAdmin",
      tag: "Entry",
      summary: "Makes the first admin, with the link that the server printed",
      action: "public",
      refuses: ["link-over", "already-exists"],
      body: z.strictObject({ token, name: nameSchema, email: emailSchema, password: passwordSchema }),
      response: z.object({ id: z.string() }),
      status: 201,
      handle: async ({ body }) => ({ body: await firstAdmin.create(body) }),
    }),
    route({
      method: "POST",
      path: "/invitations/read",
      operationId: "readInvitation",
      tag: "Entry",
      summary: "Whom a link of an admin invites. The link stays good",
      action: "public",
      refuses: ["link-over"],
      // In a body: an address with the token would stay in logs.
      body: z.strictObject({ token }),
      response: z.object({ name: z.string(), email: z.string().describe("What they sign in with.") }),
      handle: async ({ body }) => ({ body: await people.readInvitation(body.token) }),
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
