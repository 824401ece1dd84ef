import * as z from "zod";
import { pointerTo } from "../../documents/merge-patch.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { HTTP_METHODS } from "../../tools/http/definition.ts";
import { type DraftedTool, draftOfCurl } from "./curl-draft.ts";
import { httpToolFaults } from "./http-tool-faults.ts";
import { httpToolInputSchema, httpToolRecordSchema } from "./http-tool-record.ts";
import { draftOfOperation, operationsOf, readOpenApi } from "./openapi-draft.ts";

const TEXT_CHARACTERS = 1_000_000;

export const httpToolDraftRequestSchema = z
  .strictObject({
    curl: z.string().min(1).max(64_000).optional().describe("A command as documentation and browsers give it. No shell is run."),
    openapi: z
      .union([z.string().min(1).max(TEXT_CHARACTERS), z.record(z.string(), z.unknown())])
      .optional()
      .describe("An OpenAPI 3 document: JSON, or a text of JSON or YAML."),
    operation: z
      .string()
      .max(1_000)
      .optional()
      .describe("Which operation of the document, such as GET /orders/{id}. Absent: the only one."),
  })
  .refine(({ curl, openapi }) => (curl === undefined) !== (openapi === undefined), "Expected either curl or openapi.")
  .meta({ examples: [{ curl: "curl https://shop.example/orders/1042 -H 'Authorization: Bearer …'" }] });
export type HttpToolDraftRequest = z.output<typeof httpToolDraftRequestSchema>;

export const httpToolDraftAnswerSchema = z.object({
  draft: z
    .object({
      name: z.string(),
      title: z.string().optional(),
      description: z.string(),
      method: z.enum(HTTP_METHODS),
      url: z.string(),
      query: z.record(z.string(), z.string()),
      headers: z.record(z.string(), z.string()).describe("With their values: what was pasted is sent back to be saved, and kept nowhere."),
      body: z.unknown().optional(),
      parameters: z.record(z.string(), z.unknown()),
      timeoutMs: z.number().optional(),
    })
    .optional()
    .describe("What POST /http-tools takes. Absent: choose one of the operations first."),
  warnings: z.array(z.string()).describe("What was left out or changed, and what to look at."),
  faults: z.array(z.object({ path: z.string(), message: z.string() })).describe("What has to be mended before it can be saved."),
  operations: z
    .array(z.object({ operation: z.string(), summary: z.string() }))
    .optional()
    .describe("Of an OpenAPI document."),
});
export type HttpToolDraftAnswer = z.output<typeof httpToolDraftAnswerSchema>;

/** A tool that is filled in and not saved. Reads no file and no address, and keeps nothing. Throws `InvalidError`. */
export async function draftHttpTool({ curl, openapi, operation }: HttpToolDraftRequest): Promise<HttpToolDraftAnswer> {
  if (curl !== undefined) return answer(draftOfCurl(curl));
  const document = await readOpenApi(openapi);
  const operations = operationsOf(document).map((one) => ({ ...one }));
  if (operations.length === 0) throw new InvalidError([{ path: "/openapi", message: "The document has no operation." }]);
  const wanted = operation ?? (operations.length === 1 ? operations[0]?.operation : undefined);
  if (wanted === undefined) return { operations, warnings: [], faults: [] };
  return { ...(await answer(draftOfOperation(document, wanted))), operations };
}

async function answer({ draft, warnings }: DraftedTool): Promise<HttpToolDraftAnswer> {
  return { draft, warnings: [...warnings], faults: await faultsOf(draft) };
}

/** As a create would find them. */
async function faultsOf(draft: DraftedTool["draft"]): Promise<HttpToolDraftAnswer["faults"]> {
  const input = httpToolInputSchema.safeParse(draft);
  if (!input.success) return input.error.issues.map(({ path, message }) => ({ path: pointerTo(path.map(String)), message }));
  const { name: _name, ...fields } = input.data;
  return (await httpToolFaults(httpToolRecordSchema.parse(fields))).map((fault) => ({ ...fault }));
}
