import * as z from "zod";
import { DEFAULT_CALL_TIMEOUT_MS, DEFAULT_CONNECT_TIMEOUT_MS } from "../tools/settings.ts";
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

const shared = {
  name: z.string().min(1).max(100).optional().describe("The name that customers see; the key, when absent."),
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
