import * as z from "zod";
import { looksLikeOurs } from "../../tools/definitions/tool-name.ts";
import { authKindSchema, oauthFields, remoteFields } from "../../tools/mcp/servers/server-fields.ts";

/** Words of the API's paths, and of the console's. */
const PATH_WORDS: ReadonlySet<string> = new Set(["import", "export", "new"]);

/**
 * Whether no server may have this identifier. It is the first part of its tools' names, which keeps servers apart from
 * other sources and from what is ours.
 */
export function isReservedIdentifier(key: string): boolean {
  return PATH_WORDS.has(key) || looksLikeOurs(key);
}

export const identifierSchema = z
  .string()
  .regex(/^[a-z_]{1,40}$/, "Expected 1 to 40 small letters (a to z) and underscores, such as order_desk.")
  .refine((key) => !isReservedIdentifier(key), "This identifier is reserved. Choose another one.");

export const accessSchema = z.enum(["restricted", "everyone"]).describe("Who may use it: those it is shared with, or all staff.");

/** Earlier releases took addresses with a fragment or a user name: a server that has one goes on. */
export const keptRedirectUrl = z.string();
const keptOAuth = z.object({ ...oauthFields, clientSecret: z.string().optional(), redirectUrl: keptRedirectUrl.optional() });

/**
 * A server as the database has it. A field that a later version added gets its default. `url`, the values of `headers`
 * and the client's secret are sealed, so they are any text.
 */
export const serverRecordSchema = z.object({
  ...remoteFields,
  name: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  auth: z.object({ kind: authKindSchema, oauth: keptOAuth.optional() }),
  access: accessSchema,
  /** Grows with each change that makes earlier links and lists invalid. */
  revision: z.int(),
});
export type ServerRecord = z.output<typeof serverRecordSchema>;
