import * as z from "zod";
import { namePosition } from "../../../documents/listed-by.ts";
import { nameSchema } from "../../../foundation/name-schema.ts";
import type { LoggedPublishedCall, PublishedCallFilter, PublishedCalls } from "../../../inbox/published-calls.ts";
import { publishedKeyViewSchema } from "../../../setup/published-servers/published-key-record.ts";
import type { PublishedKeys } from "../../../setup/published-servers/published-keys.ts";
import {
  publishedServerInputSchema,
  publishedServerPatchSchema,
  publishedServerViewSchema,
} from "../../../setup/published-servers/published-server-record.ts";
import type { PublishedServers, VersionedPublishedServer } from "../../../setup/published-servers/published-servers.ts";
import { EXPORT_TYPES, exportFile, formatSchema } from "../export-file.ts";
import { listed, page, pageOf, pageQuery, readNumberCursor, readTextCursor, searchQuery } from "../cursor.ts";
import { type ApiAnswer, type Route, route } from "../route.ts";
import { given, iso } from "./filter-query.ts";

export interface PublishedServersRoutesPorts {
  readonly servers: PublishedServers;
  readonly keys: PublishedKeys;
  readonly calls: Pick<PublishedCalls, "list" | "usage">;
}

const tag = "Published servers";
const server = z.object({ id: z.string().max(64) });
const view = publishedServerViewSchema.meta({ id: "PublishedServer" });
const key = publishedKeyViewSchema.meta({ id: "PublishedKey" });
const keyInServer = server.extend({ key: z.string().max(64) });
const LONGEST_OVERLAP_MS = 90 * 24 * 60 * 60_000;

const call = z
  .object({
    id: z.number(),
    key: z.string().optional().describe("Absent: a test by hand."),
    keyName: z.string().optional(),
    tester: z.object({ id: z.string(), name: z.string() }).optional().describe("Who tested by hand: a person's id, or an API key's."),
    clientName: z.string().optional().describe("As the client says."),
    clientVersion: z.string().optional(),
    tool: z.string(),
    arguments: z.string().describe("JSON; the beginning of a long one."),
    result: z.string().describe("What the client was answered; the beginning of a long one."),
    outcome: z.enum(["ok", "failed", "refused", "cancelled", "unknown"]),
    cause: z.string().optional().describe("Why, where it is not `ok`."),
    conversation: z.string().optional().describe("Where a person was asked, or an assistant answered."),
    at: z.number(),
    durationMs: z.number(),
  })
  .meta({ id: "PublishedCall" });

const span = {
  from: z.coerce.number<string>().int().optional().describe("Milliseconds since 1970."),
  to: z.coerce.number<string>().int().optional().describe("Before this time."),
};

const COLUMNS = [
  "at",
  "keyName",
  "tester",
  "clientName",
  "clientVersion",
  "tool",
  "outcome",
  "cause",
  "arguments",
  "result",
  "durationMs",
  "conversation",
  "key",
  "id",
] as const;

const shownKey = key.extend({ key: z.string().describe("Shown this once. Send it as `Authorization: Bearer …` or `X-API-Key`.") });

export function publishedServersRoutes(ports: PublishedServersRoutesPorts): readonly Route[] {
  return [...serverRoutes(ports), ...keyRoutes(ports), ...logRoutes(ports)];
}

function serverRoutes({ servers }: PublishedServersRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/published-servers",
      operationId: "listPublishedServers",
      tag,
      summary: "The MCP servers that are offered to other assistants, by name",
      action: "published.read",
      query: searchQuery,
      response: pageOf(view),
      handle: async ({ staff, query }) => {
        const read = (after: string | undefined, limit: number) => servers.list(staff, listed(after, limit, query.q));
        return { body: await page(query, readTextCursor, read, (one) => namePosition("published-server", one.id, one)) };
      },
    }),
    route({
      method: "POST",
      path: "/published-servers",
      operationId: "createPublishedServer",
      tag,
      summary: "Offers tools as an MCP server; a client needs its address and a key",
      action: "published.write",
      body: publishedServerInputSchema,
      response: view,
      status: 201,
      creates: true,
      handle: async ({ staff, body }) => {
        const made = await servers.create(staff, body);
        return { ...answer(made), location: `/published-servers/${made.value.id}` };
      },
    }),
    route({
      method: "GET",
      path: "/published-servers/{id}",
      operationId: "readPublishedServer",
      tag,
      summary: "One published server",
      action: "published.read",
      params: server,
      response: view,
      handle: async ({ staff, params: { id } }) => answer(await servers.view(staff, id)),
    }),
    route({
      method: "PATCH",
      path: "/published-servers/{id}",
      operationId: "changePublishedServer",
      tag,
      summary: "Changes what is named; clients that listen are told that the tools changed",
      action: "published.write",
      params: server,
      body: publishedServerPatchSchema,
      response: view,
      versioned: true,
      handle: async ({ staff, params: { id }, body, ifVersion }) => answer(await servers.update(staff, id, body, ifVersion!)),
    }),
    route({
      method: "DELETE",
      path: "/published-servers/{id}",
      operationId: "removePublishedServer",
      tag,
      summary: "Ends a published server at once; its address says that it was deleted",
      action: "published.write",
      params: server,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { id }, ifVersion }) => {
        await servers.remove(staff, id, ifVersion!);
        return { body: null };
      },
    }),
  ];
}

function keyRoutes({ keys }: PublishedServersRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/published-servers/{id}/keys",
      operationId: "listPublishedKeys",
      tag,
      summary: "Its keys that were not revoked, without the keys themselves",
      action: "published.read",
      params: server,
      query: pageQuery,
      response: pageOf(key),
      handle: async ({ staff, params, query }) => {
        const read = (after: string | undefined, limit: number) => keys.list(staff, params.id, listed(after, limit, undefined));
        return { body: await page(query, readTextCursor, read, ({ id }) => id) };
      },
    }),
    route({
      method: "POST",
      path: "/published-servers/{id}/keys",
      operationId: "createPublishedKey",
      tag,
      summary: "Makes a key, which is shown this once",
      action: "published.write",
      params: server,
      body: z.strictObject({ name: nameSchema, expiresAt: z.int().optional().describe("Milliseconds since 1970.") }),
      response: shownKey,
      status: 201,
      creates: true,
      handle: async ({ staff, params: { id }, body }) => {
        const made = await keys.create(staff, id, body);
        return { body: made, location: `/published-servers/${id}/keys/${made.id}` };
      },
    }),
    route({
      method: "DELETE",
      path: "/published-servers/{id}/keys/{key}",
      operationId: "revokePublishedKey",
      tag,
      summary: "Revokes a key at once",
      action: "published.write",
      params: keyInServer,
      response: z.null(),
      status: 204,
      handle: async ({ staff, params }) => {
        await keys.revoke(staff, params.id, params.key);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/published-servers/{id}/keys/{key}/rotate",
      operationId: "rotatePublishedKey",
      tag,
      summary: "Makes the key anew; the present one stays good for a while",
      action: "published.write",
      params: keyInServer,
      body: z.strictObject({
        overlapMs: z.int().min(0).max(LONGEST_OVERLAP_MS).default(0).describe("How long the present key stays good."),
      }),
      response: shownKey,
      handle: async ({ staff, params, body }) => ({ body: await keys.rotate(staff, params.id, params.key, body.overlapMs) }),
    }),
  ];
}

function logRoutes({ servers, calls }: PublishedServersRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/published-servers/{id}/logs",
      operationId: "listPublishedCalls",
      tag,
      summary: "Who used which tool when, and what came of it; newest first",
      action: "published.read",
      params: server,
      query: pageQuery.extend({
        ...span,
        format: formatSchema,
        key: z.string().max(64).optional(),
        tests: z
          .enum(["only", "none"])
          .transform((said) => said === "only")
          .optional()
          .describe("Only tests by hand, or none of them."),
        tool: z.string().max(256).optional(),
        outcome: z.string().max(20).optional(),
        q: z.string().max(200).optional().describe("Part of a tool, key, tester, client, argument, result or cause."),
      }),
      response: pageOf(call),
      streams: EXPORT_TYPES,
      handle: async ({ staff, params: { id }, query: { cursor, limit, format, ...asked }, signal }) => {
        await servers.requireLog(staff, id);
        const filter: PublishedCallFilter = given(asked);
        const read = (before: number | undefined, most: number) =>
          calls.list(id, { limit: most, filter, ...(before === undefined ? {} : { before }) });
        if (format !== "json")
          return exportFile<LoggedPublishedCall>({
            format,
            fileName: "execution-log",
            columns: COLUMNS,
            cells: ({ tester, at, ...row }) => ({ ...row, at: iso(at), tester: tester?.name }),
            readPage: (last, rows) => read(last?.id, rows),
            signal,
          });
        return { body: await page({ cursor, limit }, readNumberCursor, read, (one) => one.id) };
      },
    }),
    route({
      method: "GET",
      path: "/published-servers/{id}/usage",
      operationId: "readPublishedUsage",
      tag,
      summary: "How much each key was used, as far as the log goes back",
      action: "published.read",
      params: server,
      query: z.object(span),
      response: z.object({
        keys: z.array(
          z.object({
            key: z.string(),
            keyName: z.string(),
            calls: z.number(),
            failed: z.number().describe("Those that did not end `ok`."),
            lastAt: z.number(),
            clientName: z.string().optional().describe("The client of the last call, as it says."),
            clientVersion: z.string().optional(),
          }),
        ),
      }),
      handle: async ({ staff, params: { id }, query: { from, to } }) => {
        await servers.requireLog(staff, id);
        const asked = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        return { body: { keys: [...(await calls.usage(id, asked))] } };
      },
    }),
  ];
}

function answer({ value, version }: VersionedPublishedServer): ApiAnswer<VersionedPublishedServer["value"]> {
  return { body: value, version };
}
