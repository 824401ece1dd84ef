import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import type { Endpoints } from "../../../setup/endpoints/endpoints.ts";
import {
  endpointTokenViewSchema,
  endpointViewSchema,
  fetchedToolsSchema,
  givenTokenSchema,
  tokenNameSchema,
} from "../../../setup/endpoints/endpoint-record.ts";
import { type Route, route } from "../route.ts";

const TAG = "Devices";
const params = z.object({ key: keySchema });
const tokenParams = z.object({ key: keySchema, id: z.string().min(1).max(64) });
const path = "/assistants/{key}/endpoint";

export interface EndpointsRoutesPorts {
  readonly endpoints: Endpoints;
}

/** An assistant's endpoint, by which devices bring it tools. */
export function endpointsRoutes({ endpoints }: EndpointsRoutesPorts): readonly Route[] {
  return [...endpointRoutes(endpoints), ...tokenRoutes(endpoints)];
}

function endpointRoutes(endpoints: Endpoints): readonly Route[] {
  return [
    route({
      method: "GET",
      path,
      operationId: "readEndpoint",
      tag: TAG,
      summary: "Whether devices may bring the assistant tools, and how many are connected",
      action: "assistants.write",
      params,
      response: endpointViewSchema.meta({ id: "Endpoint" }),
      handle: async ({ staff, params: { key } }) => ({ body: await endpoints.get(staff, key) }),
    }),
    route({
      method: "PUT",
      path,
      operationId: "setEndpoint",
      tag: TAG,
      summary: "Switches the endpoint for devices on or off; off closes every connection at once",
      action: "assistants.write",
      params,
      body: z.strictObject({ enabled: z.boolean() }),
      response: endpointViewSchema.meta({ id: "Endpoint" }),
      handle: async ({ staff, params: { key }, body: { enabled } }) => ({ body: await endpoints.set(staff, key, enabled) }),
    }),
    route({
      method: "POST",
      path: `${path}/fetch-tools`,
      operationId: "fetchDeviceTools",
      tag: TAG,
      summary: "Asks the connected devices for their tools now, and says why where there are none",
      action: "assistants.write",
      params,
      response: fetchedToolsSchema.meta({ id: "FetchedDeviceTools" }),
      handle: async ({ staff, params: { key } }) => ({ body: await endpoints.fetchTools(staff, key) }),
    }),
    route({
      method: "POST",
      path: `${path}/accept-tool`,
      operationId: "acceptDeviceTool",
      tag: TAG,
      summary: "Accepts a device's tool that is new, or has changed since it was accepted, as it was shown",
      action: "assistants.write",
      refuses: ["version-changed"],
      params,
      body: z.strictObject({
        tool: z.string().min(1).max(400).describe("As permissions name it."),
        hash: z.string().max(128).describe("`hash` of the tool as fetch-tools showed it."),
      }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { key }, body }) => {
        await endpoints.accept(staff, key, body);
        return { body: null };
      },
    }),
  ];
}

function tokenRoutes(endpoints: Endpoints): readonly Route[] {
  const given = givenTokenSchema.meta({ id: "GivenEndpointToken" });
  return [
    route({
      method: "GET",
      path: `${path}/tokens`,
      operationId: "listEndpointTokens",
      tag: TAG,
      summary: "The tokens that devices connect with; the tokens themselves are never shown again",
      action: "assistants.write",
      params,
      response: z.object({ items: z.array(endpointTokenViewSchema.meta({ id: "EndpointToken" })) }),
      handle: async ({ staff, params: { key } }) => ({ body: { items: [...(await endpoints.tokens(staff, key))] } }),
    }),
    route({
      method: "POST",
      path: `${path}/tokens`,
      operationId: "createEndpointToken",
      tag: TAG,
      summary: "Makes a token, and shows its Endpoint URL once",
      action: "assistants.write",
      params,
      body: z
        .strictObject({ name: tokenNameSchema.describe("What people call the device.") })
        .meta({ examples: [{ name: "Shop window" }] }),
      response: given,
      status: 201,
      creates: true,
      handle: async ({ staff, params: { key }, body: { name } }) => ({ body: await endpoints.create(staff, key, name) }),
    }),
    route({
      method: "POST",
      path: `${path}/tokens/{id}/rotate`,
      operationId: "rotateEndpointToken",
      tag: TAG,
      summary: "Replaces a token's Endpoint URL, and closes what is connected with the earlier one",
      action: "assistants.write",
      params: tokenParams,
      response: given,
      handle: async ({ staff, params: { key, id } }) => ({ body: await endpoints.rotate(staff, { assistant: key, id }) }),
    }),
    route({
      method: "DELETE",
      path: `${path}/tokens/{id}`,
      operationId: "revokeEndpointToken",
      tag: TAG,
      summary: "Revokes a token, and closes what is connected with it",
      action: "assistants.write",
      params: tokenParams,
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { key, id } }) => {
        await endpoints.revoke(staff, { assistant: key, id });
        return { body: null };
      },
    }),
  ];
}
