import * as z from "zod";
import { DEFAULT_CALL_TIMEOUT_MS, DEFAULT_CONNECT_TIMEOUT_MS } from "../tools/mcp/servers/settings.ts";
import { httpUrl } from "./http-url.ts";
import { durationMs } from "./numbers.ts";

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The server sets these itself. */
const RESERVED_HEADERS = new Set([
  "host",
  "content-length",
  "content-type",
  "connection",
  "transfer-encoding",
  "mcp-session-id",
  "mcp-protocol-version",
]);

const headers = z.record(z.string(), z.string()).superRefine((found, context) => {
  for (const [name, value] of Object.entries(found)) {
    if (!HEADER_NAME.test(name)) context.addIssue({ code: "custom", path: [name], message: "expected the name of an HTTP header" });
    else if (RESERVED_HEADERS.has(name.toLowerCase()))
      context.addIssue({ code: "custom", path: [name], message: "expected another header: this one is set by the server" });
    else if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      context.addIssue({ code: "custom", path: [name], message: "expected a header value: one line, no characters beyond Latin-1" });
  }
});

const icon = z.string().refine(isIcon, "expected an https URL, or a data URL of a PNG, JPEG, GIF or WebP image of 48 kB at most");

const oauth = z.strictObject({
  type: z.literal("oauth"),
  grant: z
    .enum(["authorization_code", "client_credentials"])
    .default("authorization_code")
    .describe("client_credentials: the shared connection signs in as itself, without a person. Each customer's own is always a person's."),
  clientId: z.string().min(1).optional().describe("Only where the sign-in server knows this one by hand; else it registers itself."),
  clientSecret: z.string().min(1).optional().describe('Write "${NAME}" and set NAME in the environment.'),
  scope: z
    .string()
    .min(1)
    .optional()
    .describe("What is asked for, separated by spaces, instead of what the MCP server says that it needs."),
  redirectUrl: httpUrl.optional().describe("Where the sign-in comes back to, where it was registered by hand with another address."),
});

const shared = {
  name: z.string().min(1).max(100).optional().describe("The name that customers see; the key, when absent."),
  description: z.string().max(2000).optional().describe("What the server is for, for staff."),
  icon: icon.optional().describe("A picture for the server, as an https or data URL."),
  trusted: z
    .boolean()
    .default(false)
    .describe("Whether what it says is as good as your own words. Matters to assistants with careful set."),
  samplingTokens: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe("Tokens that the server may make the assistant's model say in one call; 0 does not offer it."),
  results: z
    .enum(["full", "redacted", "none"])
    .default("full")
    .describe("What is kept of its results once the answer is there; redacted keeps their shape."),
  newTools: z
    .enum(["needs_approval", "disabled"])
    .default("needs_approval")
    .describe("What becomes of a tool that the server did not have before."),
  timeoutMs: durationMs(24 * 60 * 60_000)
    .default(DEFAULT_CALL_TIMEOUT_MS)
    .describe("How long a call may take without progress."),
  connectTimeoutMs: durationMs(10 * 60_000)
    .default(DEFAULT_CONNECT_TIMEOUT_MS)
    .describe("How long connecting may take."),
  isolation: z
    .enum(["conversation", "call"])
    .default("conversation")
    .describe("Whether a conversation's calls share one connection, or each call has its own."),
};

const remote = z.strictObject({
  ...shared,
  url: httpUrl.describe("Where the server is reached."),
  transport: z
    .enum(["auto", "streamable-http", "sse"])
    .default("auto")
    .describe("auto: a URL ending in /mcp is Streamable HTTP, one in /sse is SSE, else Streamable HTTP is tried, then SSE."),
  headers: headers.default({}).describe('Sent with every request; write secrets as "${NAME}".'),
  auth: oauth.optional().describe("Sign-in with OAuth 2.0. Without it the server is used with the headers alone."),
});

const local = z.strictObject({
  ...shared,
  command: z.string().min(1).describe("A program that speaks MCP over standard input and output."),
  args: z.array(z.string()).default([]),
  env: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe("Its environment; nothing else of the server's is passed on but PATH and the like."),
});

export const mcpServerSchema = z.union([remote, local]);

const MOST_ICON_CHARACTERS = 48 * 1024;

function isIcon(text: string): boolean {
  if (text.length > MOST_ICON_CHARACTERS) return false;
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/.test(text)) return true;
  return URL.parse(text)?.protocol === "https:";
}
