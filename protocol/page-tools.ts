/**
 * Tools that the customer's page brings, on the customer line. A page offers all that it has with each connection, and
 * again when that changes; the newest offer counts. A call is told with a `page-call` frame. Before the page runs it, it
 * asks with `page-call-begin`, which one page is granted, once; what came of it is `page-call-end`. So a call that was
 * not begun was certainly not run.
 *
 * Older servers refuse the requests as `bad-request`; older pages offer nothing, and are told of no calls.
 */
import * as z from "zod";
import { idSchema } from "./identifiers.ts";
import { utf8Bytes } from "./utf8-bytes.ts";

export const MOST_PAGE_TOOLS = 64;
/** Of all tools of an offer, as JSON in UTF-8. */
export const PAGE_OFFER_BYTES = 49_152;
/** Of a result, in UTF-8. */
export const PAGE_RESULT_BYTES = 49_152;

const jsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

/** One tool, in WebMCP's words. What it says of itself is the page's; nothing is allowed because of it. */
const pageToolSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, "expected 1 to 128 letters, digits, _, . or -"),
  title: z.string().max(200).optional(),
  description: z.string().max(4_096),
  /** JSON Schema of an object. */
  inputSchema: jsonObject,
  annotations: z.record(z.string().max(64), z.boolean()).optional(),
});
export type OfferedPageTool = z.output<typeof pageToolSchema>;

export const pageRequestSchemas = {
  /** All tools of this page, in place of those before. */
  "page-tools-offer": z.object({
    tools: z
      .array(pageToolSchema)
      .max(MOST_PAGE_TOOLS)
      .refine((tools) => utf8Bytes(JSON.stringify(tools)) <= PAGE_OFFER_BYTES, `expected at most ${PAGE_OFFER_BYTES} bytes`)
      .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, "expected different names"),
  }),
  "page-call-begin": z.object({ callId: idSchema }),
  /** `text`: the result as JSON, or as words; with `failed`, what went wrong. */
  "page-call-end": z.object({
    callId: idSchema,
    outcome: z.enum(["ok", "failed"]),
    text: z.string().refine((text) => utf8Bytes(text) <= PAGE_RESULT_BYTES, `expected at most ${PAGE_RESULT_BYTES} bytes`),
  }),
} as const;

export interface PageReplies {
  /** `leftOut`: tools that nobody can use, each with the reason, for the page's developer. */
  readonly "page-tools-offer": { readonly leftOut: readonly { readonly tool: string; readonly reason: string }[] };
  /** `granted`: run it now. Otherwise the call is over, or was granted before. */
  readonly "page-call-begin": { readonly granted: boolean };
  readonly "page-call-end": Record<string, never>;
}

/** `run`: a tool of this page is called, in this conversation. `stop`: nobody waits for the call any more. */
export type PageCallFrame =
  | {
      readonly do: "run";
      readonly conversationId: string;
      readonly callId: string;
      readonly tool: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | { readonly do: "stop"; readonly callId: string };

export interface PageFrames {
  "page-call": PageCallFrame;
}
