import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { InvalidError } from "../../../foundation/invalid-error.ts";
import {
  type GeneralAccess,
  generalAccessSchema,
  type Grantee,
  granteeSchema,
  type Share,
  type SharedResource,
  shareLevelSchema,
  type Sharing,
} from "../../../setup/sharing/sharing.ts";
import { type Route, route } from "../route.ts";

export interface SharesRoutesPorts {
  readonly sharing: Sharing;
  /** Undefined: there is no such person or group. */
  readonly nameOf: (grantee: Grantee) => Promise<string | undefined>;
  /** People and groups whose name has `q` in it, as many of each. */
  readonly grantees: (options: {
    readonly q?: string;
    readonly limit: number;
  }) => Promise<readonly (Grantee & { readonly name: string })[]>;
  /** Throws `InvalidError` where it cannot be changed. */
  readonly setGeneralAccess: (resource: SharedResource, access: GeneralAccess, staff: Staff) => Promise<void>;
}

const MOST_SHARES = 1000;
const MOST_GRANTEES = 20;
const level = shareLevelSchema.describe("use: put it into an assistant. manage: change it and share it on, too.");
const generalAccess = generalAccessSchema.describe("everyone: all staff who make assistants may use it.");

const sharesBody = z.strictObject({
  generalAccess: generalAccess.optional(),
  shares: z.array(z.strictObject({ grantee: granteeSchema, level })).max(MOST_SHARES),
});

const sharesView = z
  .object({
    generalAccess,
    shares: z.array(
      z.object({ grantee: granteeSchema.extend({ name: z.string().optional().describe("Absent: gone meanwhile.") }), level }),
    ),
  })
  .meta({ id: "Shares" });

/** `GET` and `PUT` of who may use or manage a server, or a shared connection. */
export function sharesRoutes(ports: SharesRoutesPorts): readonly Route[] {
  const key = z.object({ key: z.string().max(64) });
  const id = z.object({ id: z.string().max(200) });
  return [
    route({
      method: "GET",
      path: "/grantees",
      operationId: "listGrantees",
      tag: "Sharing",
      summary: `People and groups that something can be shared with, by name: ${MOST_GRANTEES} of each at most`,
      action: "servers.share",
      query: z.object({ q: z.string().max(200).optional().describe("Part of a name, in capitals or small letters.") }),
      response: z.object({ items: z.array(granteeSchema.extend({ name: z.string() })) }),
      handle: async ({ query: { q } }) => ({
        body: { items: [...(await ports.grantees({ limit: MOST_GRANTEES, ...(q === undefined ? {} : { q }) }))] },
      }),
    }),
    ...routesOf(
      {
        path: "/mcp-servers/{key}/shares",
        what: "an MCP server",
        name: "McpServer",
        params: key,
        resource: (params) => ({ kind: "mcp-server", id: params.key }),
      },
      ports,
    ),
    ...routesOf(
      {
        path: "/connections/{id}/shares",
        what: "a shared connection",
        name: "Connection",
        params: id,
        resource: (params) => ({ kind: "connection", id: params.id }),
      },
      ports,
    ),
  ];
}

interface Place<Params extends z.ZodType> {
  readonly path: string;
  readonly what: string;
  readonly name: string;
  readonly params: Params;
  readonly resource: (params: z.output<Params>) => SharedResource;
}

function routesOf<Params extends z.ZodType>({ path, what, name, params, resource }: Place<Params>, ports: SharesRoutesPorts): Route[] {
  const common = { path, tag: "Sharing", action: "servers.share", params, response: sharesView } as const;
  return [
    route({
      ...common,
      method: "GET",
      operationId: `read${name}Shares`,
      summary: `Who may use or manage ${what}`,
      handle: async ({ staff, params: given }) => answer(await managed(resource(given), staff, ports), ports),
    }),
    route({
      ...common,
      method: "PUT",
      operationId: `replace${name}Shares`,
      summary: `Shares ${what} with exactly these people and groups`,
      versioned: true,
      body: sharesBody,
      handle: async ({ staff, params: given, body, ifVersion }) => {
        const shared = await managed(resource(given), staff, ports);
        await refuseStrangers(body.shares, shared, ports);
        if (ifVersion !== (await ports.sharing.version(shared))) throw new RequestError("version-changed");
        // First, as it may be refused: a refusal must not have shared anything.
        if (body.generalAccess !== undefined && body.generalAccess !== (await ports.sharing.access(shared)))
          await ports.setGeneralAccess(shared, body.generalAccess, staff);
        await ports.sharing.set(shared, body.shares, staff, ifVersion);
        return answer(shared, ports);
      },
    }),
  ];
}

/** To people who may not even use it, it is not there. */
async function managed(resource: SharedResource, staff: Staff, { sharing }: SharesRoutesPorts): Promise<SharedResource> {
  const there = (await sharing.access(resource)) !== undefined;
  if (!there || !(await sharing.allows(staff, resource, "use"))) throw new RequestError("not-found");
  if (!(await sharing.allows(staff, resource, "manage")))
    throw new RequestError("forbidden", { detail: "To share it with others, you need a share of the level manage." });
  return resource;
}

/** Somebody who is gone may stay in the list; nobody who never was may come into it. */
async function refuseStrangers(shares: readonly Share[], resource: SharedResource, { sharing, nameOf }: SharesRoutesPorts): Promise<void> {
  const known = new Set((await sharing.list(resource)).map(({ grantee }) => `${grantee.kind}/${grantee.id}`));
  const names = await Promise.all(shares.map(async ({ grantee }) => nameOf(grantee)));
  const faults = shares.flatMap(({ grantee }, index) =>
    names[index] === undefined && !known.has(`${grantee.kind}/${grantee.id}`)
      ? [{ path: `/shares/${index}/grantee/id`, message: `There is no ${grantee.kind} ${grantee.id}.` }]
      : [],
  );
  if (faults.length > 0) throw new InvalidError(faults);
}

async function answer(resource: SharedResource, { sharing, nameOf }: SharesRoutesPorts) {
  const shares = await sharing.list(resource);
  const named = await Promise.all(
    shares.map(async ({ grantee, level: given }) => {
      const name = await nameOf(grantee);
      return { grantee: { ...grantee, ...(name === undefined ? {} : { name }) }, level: given };
    }),
  );
  return {
    body: { generalAccess: (await sharing.access(resource)) ?? ("restricted" as const), shares: named },
    version: await sharing.version(resource),
  };
}
