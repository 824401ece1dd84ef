import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import {
  connectorDetailSchema,
  connectorInputSchema,
  connectorPatchSchema,
  connectorViewSchema,
} from "../../../setup/assistants/connector-record.ts";
import type { ConnectorRegistry } from "../../../setup/assistants/connectors.ts";
import { listed, page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { answer } from "./assistants-routes.ts";

const ofAssistant = z.object({ key: keySchema });
const place = z.object({ key: keySchema, server: keySchema.describe("The identifier of an MCP server, or http for the HTTP tools.") });
const detail = connectorDetailSchema.meta({ id: "Connector" });
const path = "/assistants/{key}/connectors/{server}";

export function connectorsRoutes({ connectors }: { readonly connectors: ConnectorRegistry }): readonly Route[] {
  const at = ({ key, server }: z.output<typeof place>) => ({ assistant: key, server });
  return [
    route({
      method: "GET",
      path: "/assistants/{key}/connectors",
      operationId: "listConnectors",
      tag: "Connectors",
      summary: "The servers of an assistant, each with its status and how many tools it has",
      action: "assistants.read",
      params: ofAssistant,
      query: pageQuery,
      response: pageOf(connectorViewSchema),
      handle: async ({ staff, params: { key }, query }) => {
        const read = (after: string | undefined, limit: number) => connectors.list(staff, key, listed(after, limit, undefined));
        return { body: await page(query, readTextCursor, read, ({ server }) => server) };
      },
    }),
    route({
      method: "GET",
      path,
      operationId: "readConnector",
      tag: "Connectors",
      summary: "A server of an assistant, with what holds for each of its tools",
      action: "assistants.read",
      params: place,
      response: detail,
      handle: async ({ staff, params }) => answer(await connectors.get(staff, at(params))),
    }),
    route({
      method: "POST",
      path: "/assistants/{key}/connectors",
      operationId: "addConnector",
      tag: "Connectors",
      summary: "Gives an assistant a server; whoever adds it has to be allowed to use it, for as long as it is there",
      action: "assistants.write",
      refuses: ["already-exists", "read-only"],
      params: ofAssistant,
      body: connectorInputSchema
        .extend({ server: place.shape.server })
        .meta({ examples: [{ server: "orders", permissions: { "*": "needs_approval", find_order: "always_allow" } }] }),
      response: detail,
      status: 201,
      creates: true,
      handle: async ({ staff, params: { key }, body: { server, ...input } }) => ({
        ...answer(await connectors.add(staff, { assistant: key, server }, input)),
        location: `/assistants/${key}/connectors/${server}`,
      }),
    }),
    route({
      method: "PUT",
      path,
      operationId: "replaceConnector",
      tag: "Connectors",
      summary: "Puts these settings in place of all that a connector has",
      action: "assistants.write",
      refuses: ["read-only"],
      params: place,
      body: connectorInputSchema,
      response: detail,
      versioned: true,
      handle: async ({ staff, params, body, ifVersion }) => answer(await connectors.replace(staff, at(params), body, ifVersion)),
    }),
    route({
      method: "PATCH",
      path,
      operationId: "changeConnector",
      tag: "Connectors",
      summary: "Changes what is named; a tool with null is not named any more. Running conversations follow at their next call",
      action: "assistants.write",
      refuses: ["read-only"],
      params: place,
      body: connectorPatchSchema.meta({ examples: [{ permissions: { refund: { permission: "needs_approval", approver: "staff" } } }] }),
      response: detail,
      versioned: true,
      handle: async ({ staff, params, body, ifVersion }) => answer(await connectors.update(staff, at(params), body, ifVersion)),
    }),
    route({
      method: "POST",
      path: `${path}/allow-read-only`,
      operationId: "allowReadOnlyTools",
      tag: "Connectors",
      summary: "Always allows every accepted tool that says of itself that it only reads; disabled ones stay so",
      action: "assistants.write",
      refuses: ["read-only"],
      params: place,
      response: detail.extend({ allowed: z.array(z.string()).describe("The tools that are always allowed now because of this.") }),
      handle: async ({ staff, params }) => {
        const { value, version, allowed } = await connectors.allowReadOnly(staff, at(params));
        return { body: { ...value, allowed: [...allowed] }, ...(version === undefined ? {} : { version }) };
      },
    }),
    route({
      method: "DELETE",
      path,
      operationId: "removeConnector",
      tag: "Connectors",
      summary: "Takes a server away from an assistant",
      action: "assistants.write",
      refuses: ["read-only"],
      params: place,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params, ifVersion }) => {
        await connectors.remove(staff, at(params), ifVersion);
        return { body: null };
      },
    }),
  ];
}
