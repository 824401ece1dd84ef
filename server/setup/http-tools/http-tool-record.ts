import * as z from "zod";
import { HTTP_METHODS, type HttpToolDefinition } from "../../tools/http/definition.ts";
import { customerHeadersSchema } from "../../tools/mcp/servers/customer-fields.ts";
import { headersPatchSchema, headersSchema } from "../../tools/mcp/servers/server-headers.ts";

const MOST_ANSWER_BYTES = 8 * 1024 * 1024;
const LONGEST_CALL_MS = 15 * 60_000;
const URL_CHARACTERS = 4096;
const QUERY_PARAMETERS = 50;

export const httpToolNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,49}$/,
    "Expected 1 to 50 small letters a to z, digits and underscores, beginning with a letter, such as cancel_order.",
  );

const jsonObjectSchema = z.record(z.string(), z.unknown());

/** What an owner enters for an HTTP tool, except its headers, in the shape that the API and the database share. */
export const httpToolFields = {
  title: z.string().trim().min(1).max(100).describe("What people read. Absent: the name."),
  description: z.string().trim().min(1).max(4096).describe("What the model is told that it does, and when to use it."),
  method: z.enum(HTTP_METHODS),
  url: z
    .string()
    .max(URL_CHARACTERS)
    .describe("https://shop.example/orders/{order}: arguments in the path only, each within its segment. {{ and }} are braces."),
  query: z
    .record(z.string().min(1).max(100), z.string().max(URL_CHARACTERS))
    .refine((query) => Object.keys(query).length <= QUERY_PARAMETERS, `Expected ${QUERY_PARAMETERS} parameters at most.`)
    .describe("Parameter → template. One whose argument is missing is left out. Shown to staff: a secret belongs into a header."),
  body: z
    .unknown()
    .describe('A JSON value whose texts are templates: "{amount}" becomes the argument itself, "EUR {amount}" a text. Absent: no body.'),
  parameters: jsonObjectSchema.describe("JSON Schema of the arguments: an object."),
  timeoutMs: z.int().min(100).max(LONGEST_CALL_MS).describe("How long the whole call may take."),
  answerBytes: z.int().min(1).max(MOST_ANSWER_BYTES).describe("The largest answer that is read."),
  pointer: z.string().max(1000).describe("What of a JSON answer the model is given (RFC 6901), such as /order/status. Absent: all of it."),
  readOnly: z.boolean().describe("Whether it changes nothing. Absent: whether the method is GET."),
  safeToRepeat: z.boolean().describe("Whether repeating a call whose end is not known does no harm."),
  idempotencyKey: z.boolean().describe("Whether to send an Idempotency-Key, the same for every attempt at a call."),
  trusted: z.boolean().describe("Whether what it answers may be taken for the owner's own words (careful mode)."),
  results: z.enum(["full", "redacted", "none"]).describe("What is kept of results after the turn."),
} as const;

const HEADERS_SAY = "Header → template. One whose argument is missing is left out. Write-only: values are kept sealed and never shown.";

const shared = {
  description: httpToolFields.description,
  method: httpToolFields.method,
  url: httpToolFields.url,
  parameters: httpToolFields.parameters,
};

/** A new tool, as the API takes it. */
export const httpToolInputSchema = z.strictObject({
  // The console's page of what is being made has this address.
  name: httpToolNameSchema
    .refine((name) => name !== "new", "This name is reserved. Choose another one.")
    .describe("Unique; the model knows the tool as http__<name>. It stays."),
  ...shared,
  title: httpToolFields.title.optional(),
  query: httpToolFields.query.default({}),
  headers: headersSchema.default({}).describe(HEADERS_SAY),
  body: httpToolFields.body.optional(),
  customerHeaders: customerHeadersSchema.optional(),
  timeoutMs: httpToolFields.timeoutMs.default(30_000),
  answerBytes: httpToolFields.answerBytes.default(256 * 1024),
  pointer: httpToolFields.pointer.optional(),
  readOnly: httpToolFields.readOnly.optional(),
  safeToRepeat: httpToolFields.safeToRepeat.default(false),
  idempotencyKey: httpToolFields.idempotencyKey.default(false),
  trusted: httpToolFields.trusted.default(false),
  results: httpToolFields.results.default("full"),
});
export type HttpToolInput = z.output<typeof httpToolInputSchema>;

/**
 * A change. What is not named stays. `query`, `body` and `parameters` are replaced whole; headers one by one, and null
 * removes one.
 */
export const httpToolPatchSchema = z.strictObject({
  title: httpToolFields.title.nullable().optional(),
  description: httpToolFields.description.optional(),
  method: httpToolFields.method.optional(),
  url: httpToolFields.url.optional(),
  query: httpToolFields.query.optional(),
  headers: headersPatchSchema.optional().describe(`${HEADERS_SAY} Null takes one away, what is not named stays.`),
  body: httpToolFields.body.optional().describe("Replaced whole; null takes it away."),
  parameters: httpToolFields.parameters.optional(),
  customerHeaders: customerHeadersSchema.nullable().optional().describe("Replaced whole; null takes them away."),
  timeoutMs: httpToolFields.timeoutMs.optional(),
  answerBytes: httpToolFields.answerBytes.optional(),
  pointer: httpToolFields.pointer.nullable().optional(),
  readOnly: httpToolFields.readOnly.nullable().optional(),
  safeToRepeat: httpToolFields.safeToRepeat.optional(),
  idempotencyKey: httpToolFields.idempotencyKey.optional(),
  trusted: httpToolFields.trusted.optional(),
  results: httpToolFields.results.optional(),
});
export type HttpToolPatch = z.output<typeof httpToolPatchSchema>;

/** As the database holds it, under its name: header values are sealed. */
export const httpToolRecordSchema = z.object({
  ...shared,
  title: httpToolFields.title.optional(),
  query: httpToolFields.query,
  headers: z.record(z.string(), z.string()),
  body: httpToolFields.body.optional(),
  customerHeaders: customerHeadersSchema.optional(),
  timeoutMs: httpToolFields.timeoutMs,
  answerBytes: httpToolFields.answerBytes,
  pointer: httpToolFields.pointer.optional(),
  readOnly: httpToolFields.readOnly.optional(),
  safeToRepeat: httpToolFields.safeToRepeat,
  idempotencyKey: httpToolFields.idempotencyKey,
  trusted: httpToolFields.trusted,
  results: httpToolFields.results,
});
export type HttpToolRecord = z.output<typeof httpToolRecordSchema>;

/** The place of a header's value, which is sealed for exactly this place. */
export function headerPlace(tool: string, header: string): string {
  return `http-tool/${tool}/headers/${header}`;
}

/** Seals or opens the header values of a record. */
export function mapHeaders(tool: string, record: HttpToolRecord, map: (text: string, place: string) => string): HttpToolRecord {
  const headers = Object.entries(record.headers).map(([name, value]) => [name, map(value, headerPlace(tool, name))] as const);
  return { ...record, headers: Object.fromEntries(headers) };
}

/** The form that calls need. `record` is unsealed. */
export function definitionOf(
  name: string,
  { title, body, pointer, readOnly, customerHeaders, ...record }: HttpToolRecord,
): HttpToolDefinition {
  return {
    name,
    ...record,
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(customerHeaders === undefined ? {} : { customerHeaders }),
    readOnly: readOnly ?? record.method === "GET",
  };
}

/** The record after a change. `current` and the result are unsealed. */
export function changedRecord(current: HttpToolRecord, patch: HttpToolPatch): HttpToolRecord {
  const { headers = {}, ...fields } = patch;
  const merged = Object.fromEntries(
    Object.entries({ ...current, ...without(fields, undefined) }).filter(([, value]) => value !== null && value !== undefined),
  );
  const values = { ...byLowerCase(current.headers), ...byLowerCase(headers) };
  const kept = Object.values(values).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return httpToolRecordSchema.parse({ ...merged, headers: Object.fromEntries(kept) });
}

/** Header names are compared without regard to case. */
function byLowerCase<Value>(headers: Readonly<Record<string, Value>>): Readonly<Record<string, readonly [string, Value]>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [name, value]] as const));
}

function without(fields: object, unwanted: undefined): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== unwanted));
}
