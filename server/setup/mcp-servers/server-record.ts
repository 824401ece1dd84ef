import * as z from "zod";
import { looksLikeOurs } from "../../tools/definitions/tool-name.ts";

/** How long a server may be given to connect and to answer a call. */
const LONGEST_CONNECT_MS = 10 * 60_000;
const LONGEST_CALL_MS = 24 * 60 * 60_000;
const URL_CHARACTERS = 4096;
const ICON_CHARACTERS = 48 * 1024;
const MOST_SAMPLING_TOKENS = 1_000_000;

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

export const serverUrlSchema = z
  .string()
  .max(URL_CHARACTERS)
  .superRefine((text, context) => {
    const fault = urlFault(text);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });

export const iconSchema = z
  .string()
  .max(ICON_CHARACTERS, `Expected an icon of ${ICON_CHARACTERS / 1024} kB at most.`)
  .refine(
    (icon) =>
      /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/.test(icon) || (URL.canParse(icon) && icon.startsWith("https://")),
    "Expected an https: address, or a data: address with a PNG, JPEG, GIF or WebP image in base64.",
  );

/** What an owner decides about a server, in the shape that both the API and the database have. */
export const serverFields = {
  name: z.string().trim().min(1).max(100).describe("What people read."),
  description: z.string().max(2000).describe("What it is for."),
  icon: iconSchema.describe("An https: or data: address of an image. Shown, never fetched by Frontdesk."),
  transport: z.enum(["auto", "streamable-http", "sse"]).describe("How it is spoken with."),
  connectTimeoutMs: z
    .int()
    .min(100)
    .max(LONGEST_CONNECT_MS)
    .describe("How long connecting and reading the list of tools may take together."),
  callTimeoutMs: z.int().min(100).max(LONGEST_CALL_MS).describe("How long a call may be silent."),
  isolation: z.enum(["conversation", "call"]).describe("Whether a conversation's calls share a connection, or each has its own."),
  results: z.enum(["full", "redacted", "none"]).describe("What is kept of results after the turn."),
  newTools: z
    .enum(["needs_approval", "disabled"])
    .describe("What becomes of a tool that the server did not have when it was accepted: it asks before each call, or it is off."),
  trusted: z.boolean().describe("Whether what it says may be taken for the owner's own words (careful mode)."),
  samplingTokens: z.int().min(0).max(MOST_SAMPLING_TOKENS).describe("Tokens that it may make the model say in one call. 0: not offered."),
  access: z.enum(["restricted", "everyone"]).describe("Who may use it: those it is shared with, or all staff."),
} as const;

export const oauthFields = {
  grant: z
    .enum(["authorization_code", "client_credentials"])
    .describe("client_credentials: it signs in as itself, without a person, for shared connections."),
  clientId: z.string().min(1).max(2000).describe("Where Frontdesk was registered by hand."),
  scope: z.string().min(1).max(4000).describe("Scopes to ask for, separated by spaces, instead of what the server says that it needs."),
  redirectUrl: z
    .url({ protocol: /^https?$/ })
    .max(URL_CHARACTERS)
    .describe("Where the sign-in comes back to, if not to this server's own callback."),
} as const;

/** A server as the database has it. `url`, the values of `headers` and the client's secret are sealed. */
export const serverRecordSchema = z.object({
  ...serverFields,
  description: serverFields.description.optional(),
  icon: z.string().optional(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  auth: z.object({
    kind: z.enum(["none", "headers", "oauth"]),
    oauth: z
      .object({
        grant: oauthFields.grant,
        clientId: z.string().optional(),
        clientSecret: z.string().optional(),
        scope: z.string().optional(),
        redirectUrl: z.string().optional(),
      })
      .optional(),
  }),
  /** Grows with whatever makes connections and lists under the earlier settings useless. */
  revision: z.int(),
});
export type ServerRecord = z.output<typeof serverRecordSchema>;

/** What is wrong with a server's address; undefined: nothing. Whether it may be reached is found out when it is fetched. */
export function urlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return "Expected the whole address of the server, such as https://orders.example/mcp.";
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return "Expected an address that begins with https:// (or http://, in an allowed network).";
  if (url.username !== "" || url.password !== "") return "Expected an address without a user name and password. Send them as a header.";
  return undefined;
}
