import * as z from "zod";
import { nameSchema } from "../../../foundation/name-schema.ts";
import { namePosition } from "../../../documents/listed-by.ts";
import type { ApiKey, ApiKeys } from "../../../identity/staff/api-keys.ts";
import { rolesSchema } from "../../../identity/staff/person-record.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { actionSchema, roleSchema } from "./self-routes.ts";

export interface ApiKeysRoutesPorts {
  readonly apiKeys: ApiKeys;
}

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    beginning: z.string().describe("How the key begins."),
    roles: z.array(roleSchema),
    scopes: z.array(actionSchema).optional().describe("Absent: all that the roles may."),
    createdBy: z.string(),
    createdAt: z.number(),
    expiresAt: z.number().optional(),
    lastUsedAt: z.number().optional().describe("To the minute; absent: never."),
  })
  .meta({ id: "ApiKey" });

/** Keys for programs. */
export function apiKeysRoutes({ apiKeys }: ApiKeysRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/api-keys",
      operationId: "listApiKeys",
      tag: "API keys",
      summary: "All API keys that are good, without the keys themselves",
      action: "keys.read",
      query: searchQuery,
      response: pageOf(keySchema),
      handle: async ({ query }) => {
        const list = (after: string | undefined, limit: number) => apiKeys.list(listed(after, limit, query.q));
        const { items, ...rest } = await page(query, readTextCursor, list, (one) => namePosition("api-key", one.id, one));
        return { body: { items: items.map(shown), ...rest } };
      },
    }),
    route({
      method: "POST",
      path: "/api-keys",
      operationId: "createApiKey",
      tag: "API keys",
      summary: "Makes an API key, which is shown this once",
      action: "keys.write",
      body: z.strictObject({
        name: nameSchema,
        roles: rolesSchema,
        scopes: z.array(actionSchema).min(1).optional().describe("Limits the key to these actions."),
        expiresAt: z.int().optional().describe("Milliseconds since 1970."),
      }),
      response: z.object({ key: z.string().describe("Send it as `Authorization: Bearer …`."), apiKey: keySchema }),
      creates: true,
      status: 201,
      handle: async ({ staff, body }) => {
        const { key, apiKey } = await apiKeys.create(staff, body);
        return { body: { key, apiKey: shown(apiKey) }, location: `/api-keys/${apiKey.id}` };
      },
    }),
    route({
      method: "DELETE",
      path: "/api-keys/{id}",
      operationId: "revokeApiKey",
      tag: "API keys",
      summary: "Revokes an API key at once",
      action: "keys.write",
      params: z.object({ id: z.string().max(64) }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id } }) => {
        await apiKeys.revoke(staff, id);
        return { body: null };
      },
    }),
  ];
}

function shown({ roles, scopes, ...key }: ApiKey): z.input<typeof keySchema> {
  return { ...key, roles: [...roles], ...(scopes === undefined ? {} : { scopes: [...scopes] }) };
}
