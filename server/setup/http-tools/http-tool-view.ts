import * as z from "zod";
import { HTTP_SERVER } from "../../tools/http/definition.ts";
import { customerHeadersSchema } from "../../tools/mcp/servers/customer-fields.ts";
import { toolNames } from "../../tools/definitions/tool-name.ts";
import { httpToolFields, type HttpToolRecord } from "./http-tool-record.ts";

/** An HTTP tool as staff may see it: headers are shown by name only. */
export const httpToolViewSchema = z.object({
  name: z.string(),
  modelName: z.string().describe("What the model calls it."),
  ...httpToolFields,
  title: httpToolFields.title.optional(),
  headers: z.array(z.string()).describe("The names. Values are never shown."),
  customerHeaders: customerHeadersSchema.optional(),
  body: httpToolFields.body.optional(),
  pointer: httpToolFields.pointer.optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type HttpToolView = z.output<typeof httpToolViewSchema>;

export function httpToolView(name: string, record: HttpToolRecord, times: { createdAt: number; updatedAt: number }): HttpToolView {
  const { createdAt, updatedAt } = times;
  const [modelName = name] = toolNames(HTTP_SERVER, [name]);
  return { name, modelName, ...shownRecord(record), createdAt, updatedAt };
}

/** What the audit log has of a tool. */
export function shownRecord({
  headers,
  readOnly,
  ...record
}: HttpToolRecord): Omit<HttpToolView, "name" | "modelName" | "createdAt" | "updatedAt"> {
  return { ...record, readOnly: readOnly ?? record.method === "GET", headers: Object.keys(headers) };
}

/** The answer to a test by hand. */
export const httpToolTestSchema = z.object({
  callId: z.string().describe("Its id in the list of calls."),
  outcome: z.enum(["ok", "failed", "cancelled", "unknown", "refused"]),
  content: z.array(z.unknown()).describe("What the model would be given."),
  structured: z.unknown().optional(),
  cause: z.string().optional(),
  startedAt: z.number(),
  durationMs: z.number(),
});
export type HttpToolTest = z.output<typeof httpToolTestSchema>;

/** The same with the times and what went over the wire. */
export const httpToolTrialSchema = httpToolTestSchema.extend({
  timing: z
    .object({ firstByteMs: z.number().optional().describe("Until the head of the answer came, with connecting."), wholeMs: z.number() })
    .describe("Milliseconds. Absent: it did not come so far."),
  exchange: z
    .object({
      request: z.object({
        method: z.string(),
        url: z.string(),
        headers: z.array(z.string()).describe("Their names. Values are never shown."),
        body: z.string().optional(),
      }),
      response: z
        .object({
          status: z.int(),
          contentType: z.string().optional(),
          body: z.string().describe("64 kB at most, with [secret] for each header's value."),
          bytes: z.int().describe("As far as it was read."),
          cut: z.boolean(),
        })
        .optional()
        .describe("Absent: none came."),
    })
    .optional()
    .describe("Absent: nothing was sent."),
});
export type HttpToolTrial = z.output<typeof httpToolTrialSchema>;
