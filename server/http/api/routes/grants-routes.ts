import * as z from "zod";
import { grantViewSchema } from "../../../grants/grant-record.ts";
import type { FoundGrant, Grants } from "../../../grants/grants.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { actorOf } from "../../../identity/staff/actor-of.ts";
import type { PublishedServers } from "../../../setup/published-servers/published-servers.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface GrantsRoutesPorts {
  readonly servers: Pick<PublishedServers, "get">;
  readonly grants: Grants;
}

const view = grantViewSchema.meta({ id: "Grant" });
const grant = z.object({ grant: z.string().max(64) });
const server = z.object({ id: z.string().max(64) });

/** Which programs were let in: those of a published server, and one's own. */
export function grantsRoutes({ servers, grants }: GrantsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/published-servers/{id}/grants",
      operationId: "listGrants",
      tag: "Published servers",
      summary: "The programs that people signed in to it",
      action: "published.read",
      params: server,
      query: pageQuery,
      response: pageOf(view),
      handle: async ({ staff, params: { id }, query }) => {
        await servers.get(staff, id);
        return listed(grants, await grants.at(id), query);
      },
    }),
    route({
      method: "DELETE",
      path: "/published-servers/{id}/grants/{grant}",
      operationId: "revokeGrant",
      tag: "Published servers",
      summary: "Signs a program out at once",
      action: "published.write",
      params: server.extend(grant.shape),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params }) => {
        await servers.get(staff, params.id);
        await grants.revoke(actorOf(staff), params.grant, ({ record }) => record.server === params.id);
        return { body: null };
      },
    }),
    route({
      method: "GET",
      path: "/me/grants",
      operationId: "listOwnGrants",
      tag: "Self",
      summary: "The programs that one let use published servers. A key has none",
      action: "self.read",
      query: pageQuery,
      response: pageOf(view),
      handle: async ({ staff, query }) => listed(grants, await ownOf(grants, staff), query),
    }),
    route({
      method: "DELETE",
      path: "/me/grants/{grant}",
      operationId: "revokeOwnGrant",
      tag: "Self",
      summary: "Signs one's own program out at once",
      action: "self.write",
      params: grant,
      response: z.null(),
      status: 204,
      handle: async ({ staff, params }) => {
        await grants.revoke(actorOf(staff), params.grant, ({ person }) => staff.kind === "person" && person === staff.id);
        return { body: null };
      },
    }),
  ];
}

async function ownOf(grants: Grants, staff: Staff): Promise<readonly FoundGrant[]> {
  return staff.kind === "person" ? grants.of(staff.id) : [];
}

async function listed(grants: Grants, all: readonly FoundGrant[], query: Parameters<typeof page>[0]) {
  const sorted = all.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const read = async (after: string | undefined, limit: number) =>
    sorted
      .filter(({ id }) => after === undefined || id > after)
      .slice(0, limit)
      .map((found) => grants.view(found));
  return { body: await page(query, readTextCursor, read, ({ id }) => id) };
}
