import * as z from "zod";
import { toolContentSchema } from "../../../../protocol/content.ts";
import type { ServerTools } from "../../../setup/mcp-servers/server-tools.ts";
import { TOOL_STATES } from "../../../setup/mcp-servers/tool-pin.ts";
import { placeOfRow, type ToolRows, toolRowSchema } from "../../../setup/mcp-servers/tool-rows.ts";
import { type ToolTrials, triedToolSchema } from "../../../setup/mcp-servers/tool-trials.ts";
import { toolViewSchema } from "../../../setup/mcp-servers/tool-view.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { route, type Route } from "../route.ts";

const serverParams = z.object({ key: z.string().min(1).max(64) });
const toolParams = serverParams.extend({ tool: z.string().min(1).max(256).describe("The server's own name for it, percent-encoded.") });
const view = toolViewSchema.meta({ id: "McpTool" });
const tag = "MCP servers";
/** As many as a server may have. */
const MOST_TOOLS = 2_000;

export interface McpToolsRoutesPorts {
  readonly tools: ServerTools;
  readonly toolTrials: ToolTrials;
  readonly toolRows: ToolRows;
}

const manyTools = z
  .strictObject({
    enabled: z.boolean(),
    tools: z.array(z.string().min(1).max(256)).max(MOST_TOOLS).optional().describe("The tools by name. Absent: all that fit q and state."),
    q: searchQuery.shape.q,
    state: z.enum(TOOL_STATES).optional(),
  })
  .refine(({ tools, q, state }) => tools === undefined || (q === undefined && state === undefined), {
    path: ["tools"],
    message: "Name the tools, or say which ones fit, but not both.",
  });
const toolsQuery = searchQuery.extend({ state: z.enum(TOOL_STATES).optional() });

/** What staff decide about the tools of a server. */
export function mcpToolsRoutes({ tools, toolTrials, toolRows }: McpToolsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/mcp-servers/{key}/tools",
      operationId: "listMcpTools",
      tag,
      summary: "The tools of a server, as they were accepted, with what changed since",
      action: "servers.read",
      params: serverParams,
      query: toolsQuery,
      response: pageOf(view),
      handle: async ({ staff, params: { key }, query }) => {
        const read = (after: string | undefined, limit: number) =>
          toolRows.ofServer(staff, key, { ...listed(after, limit, query.q), state: query.state });
        const body = await page(query, readTextCursor, read, ({ name }) => name);
        const version = await toolRows.version(staff, key);
        return { body, ...(version === undefined ? {} : { version }) };
      },
    }),
    route({
      method: "PATCH",
      path: "/mcp-servers/{key}/tools",
      operationId: "changeMcpTools",
      tag,
      summary: "Turns many tools on or off at once: those that are named, or all that fit. With the ETag of the list of them",
      action: "servers.write",
      params: serverParams,
      body: manyTools,
      response: z.object({ changed: z.array(z.string()).describe("Those that were not so before, by name.") }),
      versioned: true,
      handle: async ({ staff, params: { key }, body, ifVersion }) => {
        const { changed, version } = await toolRows.enable(staff, key, body, ifVersion);
        return { body: { changed: [...changed] }, version };
      },
    }),
    route({
      method: "GET",
      path: "/mcp-tools",
      operationId: "listAllMcpTools",
      tag,
      summary: "The tools of all servers that you may use, by server and name, each without its schemas",
      action: "servers.read",
      query: toolsQuery.extend({ server: z.string().max(64).optional() }),
      response: pageOf(toolRowSchema.meta({ id: "McpToolRow" })),
      handle: async ({ staff, query }) => {
        const { q, state, server } = query;
        const read = (after: string | undefined, limit: number) => toolRows.all(staff, { ...listed(after, limit, q), state, server });
        const version = server === undefined ? undefined : await toolRows.version(staff, server);
        return { body: await page(query, readTextCursor, read, placeOfRow), ...(version === undefined ? {} : { version }) };
      },
    }),
    route({
      method: "GET",
      path: "/mcp-servers/{key}/tools/{tool}",
      operationId: "readMcpTool",
      tag,
      summary: "One tool",
      action: "servers.read",
      params: toolParams,
      response: view,
      handle: async ({ staff, params: { key, tool } }) => ({ body: await tools.get(staff, key, tool) }),
    }),
    route({
      method: "PATCH",
      path: "/mcp-servers/{key}/tools/{tool}",
      operationId: "changeMcpTool",
      tag,
      summary: "Turns a tool on or off. One that is off is hidden from the model",
      action: "servers.write",
      params: toolParams,
      body: z.strictObject({ enabled: z.boolean() }),
      response: view,
      handle: async ({ staff, params: { key, tool }, body }) => ({ body: await tools.enable(staff, key, tool, body.enabled) }),
    }),
    route({
      method: "POST",
      path: "/mcp-servers/{key}/tools/{tool}/accept",
      operationId: "acceptMcpTool",
      tag,
      summary: "Accepts the definition that was shown, named by its hash: a changed one, or a new tool's",
      action: "servers.write",
      refuses: ["version-changed"],
      params: toolParams,
      body: z.strictObject({
        hash: z
          .string()
          .regex(/^[0-9a-f]{64}$/, "Expected the hash that the tool's change shows.")
          .describe("`change.hash` of a changed tool, `hash` of a new one."),
      }),
      response: view,
      handle: async ({ staff, params: { key, tool }, body }) => ({ body: await tools.accept(staff, key, tool, body.hash) }),
    }),
    route({
      method: "POST",
      path: "/mcp-servers/{key}/tools/{tool}/call",
      operationId: "callMcpTool",
      tag,
      summary: "Calls a tool by hand. The call really happens, and is kept in the activity as your test",
      action: "servers.test",
      refuses: ["server-unusable", "version-changed", "rate-limited"],
      params: toolParams,
      body: z.strictObject({ arguments: z.record(z.string(), z.unknown()).default({}) }),
      response: z.object({
        callId: z.string(),
        outcome: z.enum(["ok", "failed", "cancelled", "unknown", "refused"]).describe("unknown: it was sent, and no readable answer came."),
        content: z.array(toolContentSchema),
        structured: z.unknown().optional(),
        cause: z.string().optional(),
        durationMs: z.number(),
      }),
      handle: async ({ staff, params: { key, tool }, body, signal }) => {
        const result = await tools.call(staff, { key, tool, arguments: body.arguments }, signal);
        return { body: { ...result, content: [...result.content] } };
      },
    }),
    route({
      method: "POST",
      path: "/mcp-servers/{key}/tools/{tool}/try",
      operationId: "tryMcpTool",
      tag,
      summary: "Calls a tool by hand, and shows the result, the times and what was said on the wire. The call really happens",
      action: "servers.test",
      refuses: ["server-unusable", "version-changed", "rate-limited"],
      params: toolParams,
      body: z.strictObject({
        arguments: z.record(z.string(), z.unknown()).default({}).describe("Leave out what is optional and not meant."),
        acceptPending: z
          .boolean()
          .default(false)
          .describe("Tries the definition that waits to be accepted, for those who may accept it. It is not accepted by this."),
      }),
      response: triedToolSchema.meta({ id: "TriedMcpTool" }),
      handle: async ({ staff, params: { key, tool }, body, signal }) => ({
        body: await toolTrials.try(staff, { key, tool, ...body }, signal),
      }),
    }),
  ];
}
