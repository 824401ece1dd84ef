/**
 * What an owner says about an MCP server, in the configuration file and over the API alike. Each field is here once,
 * with its limits, its default and the words that explain it. The file's schema, the API's requests and answers, and
 * what is stored are made of these.
 */
import * as z from "zod";
import { httpUrl, urlOf } from "../../../foundation/http-url.ts";
import { customerHeadersSchema, customerMetaSchema } from "./customer-fields.ts";
import { headersSchema } from "./server-headers.ts";

const URL_CHARACTERS = 4096;
const ICON_CHARACTERS = 48 * 1024;
const SHORTEST_MS = 100;
const LONGEST_CONNECT_MS = 10 * 60_000;
const LONGEST_CALL_MS = 24 * 60 * 60_000;
const MOST_SAMPLING_TOKENS = 1_000_000;

export const serverNameSchema = z.string().trim().min(1).max(100).describe("What people read; the key, when absent.");

/** What is shown of a server, and what it may do. A change to these holds from the next call on. */
export const choiceFields = {
  description: z.string().max(2000).describe("What the server is for, for staff.").optional(),
  icon: z
    .string()
    .refine(isIcon, "Expected an https: URL, or a data: URL of a PNG, JPEG, GIF or WebP image of 48 kB at most.")
    .describe("An image of the server, as an https: or data: URL. Shown, never fetched by Frontdesk.")
    .optional(),
  results: z
    .enum(["full", "redacted", "none"])
    .describe("What is kept of its results after the answer. redacted: their shape, with every value masked. none: outcome and size.")
    .default("full"),
  newTools: z
    .enum(["needs_approval", "disabled"])
    .describe("What happens to a tool that the server did not have when it was accepted: it asks before each call, or it is off.")
    .default("needs_approval"),
  personalTools: z
    .enum(["needs_approval", "accepted"])
    .describe(
      "What a tool in a customer's own list is, while nobody has accepted it: it asks that customer before each call, or it counts as accepted for them.",
    )
    .default("needs_approval"),
  customerMeta: customerMetaSchema.optional(),
  trusted: z.boolean().describe("Whether what it says counts as your own words. Matters to assistants with careful set.").default(false),
  samplingTokens: z
    .int()
    .min(0)
    .max(MOST_SAMPLING_TOKENS)
    .describe("Tokens that the server may make the assistant's model say in one call. 0: sampling is not offered to it.")
    .default(0),
} as const;

/**
 * Those that let a server spend tokens, be trusted or word its tools unseen: over the API only an admin may change them,
 * whoever the server was shared with. Each is a plain value, so two are the same when they are equal.
 */
export const ADMIN_FIELDS = ["samplingTokens", "trusted", "personalTools"] as const satisfies readonly (keyof typeof choiceFields)[];

/** How any server is reached. A change to these ends what was opened and listed before. */
export const wireFields = {
  connectTimeoutMs: z
    .int()
    .min(SHORTEST_MS)
    .max(LONGEST_CONNECT_MS)
    .describe("How long connecting and reading the list of tools may take together.")
    .default(5_000),
  callTimeoutMs: z
    .int()
    .min(SHORTEST_MS)
    .max(LONGEST_CALL_MS)
    .describe("How long a call may be silent. Progress starts the time anew.")
    .default(30_000),
  isolation: z
    .enum(["conversation", "call"])
    .describe("Whether a conversation's calls share one session at the server, or each call has its own.")
    .default("conversation"),
} as const;

/** How a program is reached. */
const programFields = {
  ...wireFields,
  connectTimeoutMs: wireFields.connectTimeoutMs
    .unwrap()
    .describe("How long a call waits for the program to start and list its tools. A start that takes longer goes on, and is used.")
    .default(60_000),
  isolation: z
    .enum(["conversation", "call", "shared"])
    .describe("Whose process it is: each conversation's own, each call's own, or one that all conversations share.")
    .default("conversation"),
} as const;

/** Sign-in with OAuth 2.0. What is absent, the server itself says. */
export const oauthFields = {
  grant: z
    .enum(["authorization_code", "client_credentials"])
    .describe("client_credentials: the shared connection signs in as itself, without a person. A customer's own is always a person's.")
    .default("authorization_code"),
  clientId: z.string().min(1).max(2000).describe("Only where Frontdesk was registered by hand; otherwise it registers itself.").optional(),
  clientSecret: z.string().min(1).max(4000).describe("A secret: kept sealed, never shown.").optional(),
  scope: z
    .string()
    .min(1)
    .max(4000)
    .describe("Scopes to ask for, separated by spaces, instead of what the server says that it needs.")
    .optional(),
  redirectUrl: httpUrl
    .max(URL_CHARACTERS)
    .describe("Where the sign-in comes back to, where the client was registered with another address than this server's own callback.")
    .optional(),
} as const;

export const authKindSchema = z
  .enum(["none", "headers", "oauth"])
  .describe("How the server knows who calls: not at all, by headers (an API key), or by OAuth 2.0.");

/** A server somewhere else. */
export const remoteFields = {
  name: serverNameSchema.optional(),
  url: urlOf("the server's whole address, an http or https URL such as https://orders.example/mcp")
    .max(URL_CHARACTERS)
    .describe("The server's whole address. Kept and shown like a secret, as tokens often are in it."),
  transport: z
    .enum(["auto", "streamable-http", "sse"])
    .describe("auto: a URL ending in /mcp is Streamable HTTP, one in /sse is SSE; with any other, Streamable HTTP is tried, then SSE.")
    .default("auto"),
  protocol: z
    .enum(["auto", "2026-07-28", "legacy"])
    .describe(
      "The era of MCP that it speaks. 2026-07-28: server/discover, never initialize. legacy (2025-11-25 and before): initialize, never server/discover. auto: found out.",
    )
    .default("auto"),
  headers: headersSchema.describe("Sent with every request. Their values are secrets.").default({}),
  customerHeaders: customerHeadersSchema.optional(),
  auth: z
    .strictObject({ kind: authKindSchema, oauth: z.strictObject(oauthFields).optional() })
    .describe("Absent: none, or headers where there are any.")
    .optional(),
  ...wireFields,
  ...choiceFields,
} as const;

/**
 * A program that we start ourselves and reach over its standard input and output. Only the configuration file may name
 * one.
 */
export const localFields = {
  name: serverNameSchema.optional(),
  command: z.string().min(1).describe("A program that speaks MCP over standard input and output."),
  args: z.array(z.string()).default([]),
  env: z
    .record(z.string().min(1), z.string())
    .describe("The only environment variables that the program sees, besides PATH, HOME and the like.")
    .default({}),
  ...programFields,
  ...choiceFields,
} as const;

function isIcon(text: string): boolean {
  if (text.length > ICON_CHARACTERS) return false;
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/.test(text)) return true;
  return URL.canParse(text) && text.startsWith("https://");
}
