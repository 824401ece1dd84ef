import * as z from "zod";
import { looksLikeOurs } from "../../tools/definitions/tool-name.ts";
import { authKindSchema, oauthFields, remoteFields } from "../../tools/mcp/servers/server-fields.ts";

/** Words of the API's paths. */
const PATH_WORDS: ReadonlySet<string> = new Set(["import", "export"]);

/** What no server may be called: the first part of a tool's name tells servers from sources that are none, and from what is ours. */
export function isReservedIdentifier(key: string): boolean {
  return PATH_WORDS.has(key) || looksLikeOurs(key);
}

export const identifierSchema = z
  .string()
  .regex(/^[a-z_]{1,40}$/, "Expected 1 to 40 small letters a to z and underscores, such as order_desk.")
  .refine((key) => !isReservedIdentifier(key), "This identifier is reserved. Choose another one.");

export const accessSchema = z.enum(["restricted", "everyone"]).describe("Who may use it: those it is shared with, or all staff.");

/**
 * A server as the database has it, whole: a field that a later version added has its default. `url`, the values of `headers` and the client's secret are
 * sealed, so they are any text.
 */
export const serverRecordSchema = z.object({
  ...remoteFields,
  name: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  auth: z.object({ kind: authKindSchema, oauth: z.object({ ...oauthFields, clientSecret: z.string().optional() }).optional() }),
  access: accessSchema,
  /** Grows with whatever makes what was opened and listed under the earlier settings useless. */
  revision: z.int(),
});
export type ServerRecord = z.output<typeof serverRecordSchema>;
