import * as z from "zod";
import { serverInputSchema, serverPatchSchema } from "../../../setup/mcp-servers/server-input.ts";
import type { ImportOutcome, ServerTransfer } from "../../../setup/mcp-servers/server-transfer.ts";
import { EXPORT_FORMATS } from "../../../setup/mcp-servers/server-export.ts";
import { importDocumentSchema } from "../../../setup/mcp-servers/server-import.ts";
import { serverCardSchema } from "../../../setup/mcp-servers/server-card.ts";
import { serverViewSchema } from "../../../setup/mcp-servers/server-view.ts";
import type { Servers } from "../../../setup/mcp-servers/servers.ts";
import { serverTrialSchema, type ServerTrials, triedServerSchema } from "../../../setup/mcp-servers/server-trials.ts";
import type { TestedServer } from "../../../setup/mcp-servers/test-server.ts";
import { toolViewSchema } from "../../../setup/mcp-servers/tool-view.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { route, type ApiAnswer, type Route } from "../route.ts";

export interface McpServersRoutesPorts {
  readonly servers: Servers;
  readonly transfer: ServerTransfer;
  readonly serverTrials: ServerTrials;
  /** Where sign-ins at servers come back to. */
  readonly redirectUrl: () => string;
}

const params = z.object({ key: z.string().min(1).max(64) });
const view = serverViewSchema.meta({ id: "McpServer" });
const card = serverCardSchema.meta({ id: "McpServerCard" });
const tested = serverViewSchema
  .extend({
    found: z.array(toolViewSchema.meta({ id: "McpTool" })).describe("The tools of the server, each as it is now."),
    leftOut: z.array(z.object({ tool: z.string(), reason: z.string() })).describe("Tools that cannot be used, and why not."),
  })
  .meta({ id: "TestedMcpServer" });

export function mcpServersRoutes({ servers, transfer, serverTrials, redirectUrl }: McpServersRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/mcp-servers",
      operationId: "listMcpServers",
      tag: "MCP servers",
      summary: "The servers that you may use, with their status: those of the configuration file, and those made here",
      action: "servers.read",
      query: searchQuery,
      response: pageOf(card),
      handle: async ({ staff, query }) => {
        const read = (after: string | undefined, limit: number) => servers.list(staff, listed(after, limit, query.q));
        return { body: await page(query, readTextCursor, read, ({ key }) => key) };
      },
    }),
    route({
      method: "POST",
      path: "/mcp-servers",
      operationId: "createMcpServer",
      tag: "MCP servers",
      summary:
        "Sets up a server, tests it, and answers with the tools found. The server is kept even if the test fails; its status says why",
      action: "servers.create",
      refuses: ["already-exists", "server-unusable", "version-changed"],
      body: serverInputSchema,
      response: tested,
      status: 201,
      creates: true,
      handle: async ({ staff, body, signal }) => ({
        ...answer(await servers.create(staff, body, signal)),
        location: `/mcp-servers/${body.key}`,
      }),
    }),
    route({
      method: "POST",
      path: "/mcp-servers/import",
      operationId: "importMcpServers",
      tag: "MCP servers",
      summary: "Sets up servers from what other products write. Each entry has its own outcome; programs (stdio) are refused",
      action: "servers.create",
      body: z.strictObject({
        document: importDocumentSchema,
        dryRun: z.boolean().default(false).describe("Makes nothing, and only says what would happen to each entry."),
        rename: z
          .boolean()
          .default(false)
          .describe("Gives an entry whose identifier is taken another one, such as orders_b; otherwise it is skipped."),
      }),
      response: z.object({
        entries: z.array(
          z.object({
            name: z.string(),
            outcome: z.enum(["created", "would-create", "skipped", "refused"]).describe("skipped: its identifier is taken."),
            key: z.string().optional(),
            renamed: z.literal(true).optional().describe("Its identifier was taken, so it is another one."),
            settings: z
              .object({ name: z.string(), url: z.string(), transport: z.string(), headers: z.array(z.string()) })
              .optional()
              .describe("What is set up: scheme and host of its address, and the names of its headers."),
            notes: z.array(z.string()),
            server: view.optional(),
          }),
        ),
      }),
      creates: true,
      handle: async ({ staff, body, signal }) => {
        const outcomes = await transfer.import(staff, body, signal);
        return { body: { entries: outcomes.map(shownOutcome) } };
      },
    }),
    route({
      method: "POST",
      path: "/mcp-servers/test",
      operationId: "testUnsavedMcpServer",
      tag: "MCP servers",
      summary: "Looks at a server before it is saved, or at a saved one as it would be: what it is, and its tools. Stores nothing",
      action: "servers.test",
      refuses: ["rate-limited", "not-found", "read-only"],
      body: serverTrialSchema,
      response: triedServerSchema.meta({ id: "TriedMcpServer" }),
      handle: async ({ staff, body, signal }) => ({ body: await serverTrials.test(staff, body, signal) }),
    }),
    route({
      method: "GET",
      path: "/mcp-servers/export",
      operationId: "exportMcpServers",
      tag: "MCP servers",
      summary: "Servers as other products read them. Placeholders stand for every secret",
      action: "servers.read",
      query: z.object({ format: z.enum(EXPORT_FORMATS).default("mcpServers") }),
      response: z.record(z.string(), z.unknown()),
      handle: async ({ staff, query }) => ({ body: { ...(await transfer.export(staff, query.format)) } }),
    }),
    route({
      method: "GET",
      path: "/mcp-servers/oauth-client",
      operationId: "readOauthClient",
      tag: "MCP servers",
      summary: "What an authorization server has to know of us, where a client is registered by hand",
      action: "servers.read",
      response: z.object({ redirectUrl: z.string().describe("Where sign-ins come back to.") }),
      handle: async () => ({ body: { redirectUrl: redirectUrl() } }),
    }),
    route({
      method: "GET",
      path: "/mcp-servers/{key}",
      operationId: "readMcpServer",
      tag: "MCP servers",
      summary: "One server",
      action: "servers.read",
      params,
      response: card,
      handle: async ({ staff, params: { key } }) => {
        const { server, version } = await servers.get(staff, key);
        return { body: server, version };
      },
    }),
    route({
      method: "GET",
      path: "/mcp-servers/{key}/deletion",
      operationId: "readMcpServerDeletion",
      tag: "MCP servers",
      summary: "What hangs on a server, before it is deleted",
      action: "servers.write",
      refuses: ["read-only"],
      params,
      response: z.object({
        assistants: z.array(z.string()).describe("The keys of the assistants that have it: while there are any, it stays."),
        signIns: z.int().describe("Kept sign-ins at it, 1000 at most, which are forgotten with it."),
        shares: z.int().describe("People and groups that it is shared with."),
      }),
      handle: async ({ staff, params: { key } }) => ({ body: await servers.deletion(staff, key) }),
    }),
    route({
      method: "PATCH",
      path: "/mcp-servers/{key}",
      operationId: "changeMcpServer",
      tag: "MCP servers",
      summary: "Changes what is named. A new address needs every secret again (the faults name them) and ends the connections",
      action: "servers.write",
      refuses: ["read-only", "already-exists", "in-use", "server-unusable"],
      params,
      body: serverPatchSchema,
      response: tested,
      versioned: true,
      handle: async ({ staff, params: { key }, body, ifVersion, signal }) =>
        answer(await servers.update(staff, key, body, { ifVersion, signal })),
    }),
    route({
      method: "DELETE",
      path: "/mcp-servers/{key}",
      operationId: "removeMcpServer",
      tag: "MCP servers",
      summary: "Deletes a server with its tools, shares and connections. Not possible while an assistant has it",
      action: "servers.write",
      refuses: ["read-only", "in-use"],
      params,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { key }, ifVersion }) => {
        await servers.remove(staff, key, ifVersion);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/mcp-servers/{key}/test",
      operationId: "testMcpServer",
      tag: "MCP servers",
      summary: "Connects now, and answers with the status and the tools found",
      action: "servers.test",
      refuses: ["server-unusable", "version-changed"],
      params,
      response: tested,
      handle: async ({ staff, params: { key }, signal }) => answer(await servers.test(staff, key, signal)),
    }),
  ];
}

function answer({ server, version, tools, leftOut }: TestedServer): ApiAnswer<z.input<typeof tested>> {
  return { body: { ...server, found: [...tools], leftOut: [...leftOut] }, version };
}

function shownOutcome({ notes, settings, ...outcome }: ImportOutcome) {
  return {
    ...outcome,
    notes: [...notes],
    ...(settings === undefined ? {} : { settings: { ...settings, headers: [...settings.headers] } }),
  };
}
