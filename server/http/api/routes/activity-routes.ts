import * as z from "zod";
import type { FindCustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import type { CallFilter, CallList, CallRecord } from "../../../inbox/calls.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { EXPORT_TYPES, exportFile, formatSchema } from "../export-file.ts";
import { type Route, route } from "../route.ts";
import { customerShape, withCustomer } from "./conversation-schemas.ts";
import { given, iso, timeQuery } from "./filter-query.ts";

export interface ActivityRoutesPorts {
  readonly calls: Pick<CallList, "listCalls">;
  readonly facts: FindCustomerFacts;
}

const outcomeSchema = z
  .enum(["waiting", "running", "ok", "failed", "cancelled", "unknown", "refused"])
  .describe("waiting: for a person. unknown: it was sent, and nobody knows how it ended. refused: it was not sent; refusal says why.");
const time = z.number().describe("Milliseconds since 1970.");

const callSchema = z
  .object({
    callId: z.string(),
    at: time.describe("When the model asked for it; milliseconds since 1970."),
    assistant: z.string().optional(),
    conversation: z.string().optional().describe("Absent: a test by hand."),
    seq: z.int().optional().describe("The number of the event that proposed it, in its conversation's journal."),
    customer: z.string().optional(),
    ...customerShape,
    person: z.string().optional().describe("Who tested: a person's id, or an API key's."),
    personName: z.string().optional().describe("Their name then."),
    server: z.string().describe("The identifier of an MCP server, or http for the HTTP tools."),
    serverName: z.string().optional().describe("What people called it then. Absent: a test by hand."),
    title: z.string().optional().describe("What people called the tool then. Absent: a test by hand."),
    tool: z.string().describe("The server's own name for it; as it was asked for where there is no such tool."),
    arguments: z.unknown().optional().describe("Absent where what the model wrote could not be read."),
    outcome: outcomeSchema,
    refusal: z.string().optional().describe("Why it was not sent, such as unknown-tool, disabled, rejected or expired."),
    startedAt: time.optional(),
    endedAt: time.optional(),
    durationMs: z.number().optional().describe("Without the time in which people were asked."),
    approval: z
      .object({
        decision: z.string().describe("approved or rejected."),
        by: z.string().describe("Who decided: the id of a customer or of somebody of the staff."),
        byName: z.string().optional(),
        at: time,
      })
      .optional(),
    cause: z.string().optional().describe("What went wrong, for staff."),
  })
  .meta({ id: "Call", description: "One call of a tool." });

const COLUMNS = [
  "at",
  "assistant",
  "conversation",
  "customer",
  "person",
  "personName",
  "server",
  "tool",
  "arguments",
  "outcome",
  "refusal",
  "durationMs",
  "approval",
  "approvedBy",
  "cause",
  "callId",
] as const;

/** Every tool call, with who, what, how it ended and who approved it. */
export function activityRoutes({ calls, facts }: ActivityRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/activity",
      operationId: "listActivity",
      tag: "Activity",
      summary: "Tool calls of conversations and tests by hand, newest first",
      action: "activity.read",
      query: z.object({
        ...pageQuery.shape,
        format: formatSchema,
        ...timeQuery,
        assistant: z.string().max(200).optional(),
        conversation: z.string().max(200).optional(),
        customer: z.string().max(200).optional(),
        server: z.string().max(200).optional().describe("The identifier of an MCP server, or http for the HTTP tools."),
        tool: z.string().max(200).optional(),
        person: z.string().max(200).optional().describe("The id of who tested by hand, or decided about it."),
        outcome: outcomeSchema.optional(),
      }),
      response: pageOf(callSchema),
      streams: EXPORT_TYPES,
      handle: async ({ query: { format, cursor, limit, ...rest }, signal }) => {
        const filter: CallFilter = given(rest);
        const read = (before: string | undefined, rows: number) =>
          calls.listCalls({ filter, limit: rows, ...(before === undefined ? {} : { before }) });
        if (format !== "json") {
          return exportFile<CallRecord>({
            format,
            fileName: "activity",
            columns: COLUMNS,
            cells: csvCells,
            readPage: (last, rows) => read(last?.cursor, rows),
            signal,
          });
        }
        const body = await page({ cursor, limit }, readTextCursor, read, (call) => call.cursor);
        return { body: { ...body, items: await Promise.all(body.items.map((call) => withCustomer(call, facts))) } };
      },
    }),
  ];
}

function csvCells({ at, approval, arguments: input, ...call }: CallRecord) {
  return {
    ...call,
    at: iso(at),
    arguments: input === undefined || input === null ? undefined : JSON.stringify(input),
    approval: approval?.decision,
    approvedBy: approval?.byName ?? approval?.by,
  };
}
