import * as z from "zod";
import type { Staff } from "../../../identity/staff/actions.ts";
import { TOOL_SOURCES } from "../../../setup/published-servers/published-server-record.ts";
import { type Route, route } from "../route.ts";

interface PreviewedTool {
  readonly source: (typeof TOOL_SOURCES)[number];
  readonly server?: string;
  readonly name: string;
  readonly publishedName: string;
  readonly definition?: object;
  readonly alwaysAsks?: true;
  readonly unseen?: { readonly reason: (typeof UNSEEN)[number]; readonly cause?: string };
}

interface Tested {
  readonly request: unknown;
  readonly response: unknown;
  readonly end?: { readonly outcome: (typeof OUTCOMES)[number]; readonly cause?: string; readonly conversation?: string };
}

/** Both throw `RequestError` `not-found` for a server that this person does not see. */
export interface PublishedTrialsRoutesPorts {
  readonly preview: (staff: Staff, server: string) => Promise<readonly PreviewedTool[]>;
  readonly test: (
    staff: Staff,
    server: string,
    order: { readonly tool: string; readonly input: Readonly<Record<string, unknown>>; readonly signal: AbortSignal },
  ) => Promise<Tested>;
}

const tag = "Published servers";
const server = z.object({ id: z.string().max(64) });
const UNSEEN = ["inactive", "not-permitted", "unreachable", "not-there"] as const;
const OUTCOMES = ["ok", "failed", "refused", "cancelled", "unknown"] as const;

const definition = z
  .object({
    name: z.string(),
    title: z.string().optional(),
    description: z.string(),
    inputSchema: z.record(z.string(), z.unknown()),
    outputSchema: z.record(z.string(), z.unknown()).optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
  })
  .describe("As a client is given it. Absent: clients do not see it.");

const previewed = z
  .object({
    source: z.enum(TOOL_SOURCES),
    server: z.string().optional(),
    name: z.string(),
    publishedName: z.string(),
    definition: definition.optional(),
    alwaysAsks: z.literal(true).optional().describe("Nobody has accepted it yet, so it asks before each call."),
    unseen: z
      .object({
        reason: z
          .enum(UNSEEN)
          .describe(
            "not-permitted: the owner may not use its source. unreachable: its source cannot be used. not-there: its source does not offer it, or offers what nobody has accepted.",
          ),
        cause: z.string().optional(),
      })
      .optional()
      .describe("Why clients do not see it."),
  })
  .meta({ id: "PreviewedPublishedTool" });

const tested = z
  .object({
    request: z.unknown().describe("As a client sends it, without its key."),
    response: z.unknown().describe("As a client is answered."),
    end: z
      .object({
        outcome: z.enum(OUTCOMES),
        cause: z.string().optional().describe("Why, where it is not `ok`."),
        conversation: z.string().optional().describe("Where a person was asked, or an assistant answered."),
      })
      .optional()
      .describe("Absent: the call did not begin."),
    durationMs: z.number(),
  })
  .meta({ id: "TestedPublishedTool" });

/** What a client sees of a published server, and a call as a client makes it. */
export function publishedTrialsRoutes({ preview, test }: PublishedTrialsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/published-servers/{id}/tools",
      operationId: "previewPublishedTools",
      tag,
      summary: "Its tools as a client sees them now, and why it does not see the others",
      action: "published.read",
      params: server,
      response: z.object({ tools: z.array(previewed) }),
      handle: async ({ staff, params: { id } }) => ({ body: { tools: [...(await preview(staff, id))] as never } }),
    }),
    route({
      method: "POST",
      path: "/published-servers/{id}/test",
      operationId: "testPublishedTool",
      tag,
      summary: "Calls a tool as a client would that can ask nobody; in the log it is a test, and counts for no key",
      action: "published.write",
      params: server,
      body: z.strictObject({
        tool: z.string().min(1).max(256).describe("As clients know it."),
        arguments: z.record(z.string(), z.unknown()).default({}),
      }),
      response: tested,
      handle: async ({ staff, params: { id }, body, signal }) => {
        const before = performance.now();
        const answer = await test(staff, id, { tool: body.tool, input: body.arguments, signal });
        return { body: { ...answer, durationMs: Math.round(performance.now() - before) } };
      },
    }),
  ];
}
