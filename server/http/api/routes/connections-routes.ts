import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import { keySchema } from "../../../../protocol/identifiers.ts";
import type { ConnectionView } from "../../../oauth/connection-list.ts";
import type { Connections } from "../../../oauth/connections.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { actorOf } from "../../../identity/staff/actor-of.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface ConnectionsRoutesPorts {
  readonly connections: Pick<Connections, "list" | "shared">;
  /** Whether somebody may use a shared connection; `Sharing.allows`. */
  readonly allows: (
    staff: Staff,
    resource: { readonly kind: "connection"; readonly id: string },
    level: "use" | "manage",
  ) => Promise<boolean>;
  /** The identifiers of all MCP servers. */
  readonly servers: () => readonly string[];
}

const connectionId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const view = z
  .object({
    id: connectionId,
    server: z.string().describe("The MCP server's identifier."),
    owner: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("shared") }),
      z.object({ kind: z.literal("customer"), id: z.string() }),
    ]),
    grant: z.enum(["authorization_code", "client_credentials"]),
    status: z.enum(["connected", "expired"]).describe("expired: somebody has to sign in again."),
    issuer: z.string().describe("The authorization server."),
    scopes: z.array(z.string()),
    connectedAt: z.number(),
    lastUsedAt: z.number().describe("To the day."),
    tokenEndsAt: z.number().optional().describe("It is renewed before."),
    connectedBy: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }).optional(),
  })
  .meta({ id: "Connection", description: "A stored sign-in at an MCP server. Its tokens are never shown." });

const beginning = z.discriminatedUnion("status", [
  z.object({ status: z.literal("connected"), connectionId }),
  z.object({
    status: z.literal("sign-in"),
    connectionId,
    authorizationUrl: z
      .url()
      .describe("Open it in a browser within ten minutes and sign in as the service account. It works once, in the browser that opens it."),
  }),
]);

export function connectionsRoutes({ connections, allows, servers }: ConnectionsRoutesPorts): readonly Route[] {
  /** An admin sees all; others the shared ones that they may use. To others, one that they may not see is not there. */
  const maySee = async (staff: Staff, { id, owner }: ConnectionView): Promise<boolean> =>
    staff.roles.includes("admin") || (owner.kind === "shared" && (await allows(staff, { kind: "connection", id }, "use")));

  return [
    route({
      method: "GET",
      path: "/connections",
      operationId: "listConnections",
      tag: "Connections",
      summary: "The stored sign-ins at MCP servers that one may see",
      action: "connections.read",
      query: pageQuery.extend({ server: keySchema.optional().describe("Only those of this MCP server.") }),
      response: pageOf(view),
      handle: async ({ staff, query }) => {
        const { server } = query;
        const read = async (from: string | undefined, limit: number): Promise<readonly ConnectionView[]> => {
          const after = from === undefined ? {} : { after: from };
          if (staff.roles.includes("admin")) return connections.list.list({ limit, ...(server === undefined ? {} : { server }), ...after });
          // Customers' own are many, and nobody else may see any of them.
          const asked = servers().filter((key) => server === undefined || key === server);
          return connections.list.listShared(asked, { limit, allowed: (id) => allows(staff, { kind: "connection", id }, "use"), ...after });
        };
        const { items, next } = await page(query, readTextCursor, read, ({ id }) => id);
        return { body: { items: items.map(shown), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: "GET",
      path: "/connections/{id}",
      operationId: "readConnection",
      tag: "Connections",
      summary: "One stored sign-in",
      action: "connections.read",
      refuses: ["unknown-connection"],
      params: z.object({ id: connectionId }),
      response: view,
      handle: async ({ staff, params: { id } }) => {
        const found = await connections.list.find(id);
        if (found === undefined || !(await maySee(staff, found))) throw new RequestError("unknown-connection");
        return { body: shown(found), version: found.version };
      },
    }),
    route({
      method: "POST",
      path: "/mcp-servers/{key}/connections",
      operationId: "createConnection",
      tag: "Connections",
      summary: "Connects a server's shared account: at once with client credentials, otherwise with an address to sign in at",
      action: "connections.write",
      refuses: ["sign-in-unavailable"],
      params: z.object({ key: keySchema }),
      response: beginning,
      status: 201,
      creates: true,
      handle: async ({ staff, params: { key } }) => {
        const begun = await connections.shared.begin(key, actorOf(staff));
        return { body: begun, location: `/connections/${begun.connectionId}` };
      },
    }),
    route({
      method: "DELETE",
      path: "/connections/{id}",
      operationId: "removeConnection",
      tag: "Connections",
      summary: "Forgets a sign-in, and revokes its tokens where the authorization server takes that",
      action: "connections.write",
      refuses: ["unknown-connection"],
      params: z.object({ id: connectionId }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id } }) => {
        await connections.list.remove(id, actorOf(staff));
        return { body: null };
      },
    }),
  ];
}

function shown({ version: _version, scopes, ...rest }: ConnectionView): z.input<typeof view> {
  return { ...rest, scopes: [...scopes] };
}
