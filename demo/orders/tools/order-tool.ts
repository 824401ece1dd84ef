import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { CallToolResult, ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { type OrderBook, OrderRefusal } from "../order-book.ts";

/** What every order tool is given. */
export interface ToolContext {
  readonly book: OrderBook;
  /** How long `track_parcel` takes. */
  readonly trackDurationMs: number;
  /** Whether a tool has other words than before, as after an upgrade of the server. */
  readonly isRenewed: boolean;
}

/** The call at hand: its signal, its headers and the way to report progress. */
export type CallExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Adds one tool to an MCP server. Each file of this folder has one. */
export type OrderTool = (server: McpServer, context: ToolContext) => void;

/** How people write an order number: 1042, #1042. */
export const orderIdSchema = z
  .string()
  .trim()
  .regex(/^#?\d{3,8}$/u, "An order number has 3 to 8 digits, like 1042.")
  .meta({ title: "Order", description: "The order number, for example 1042." });

/**
 * Runs one tool call: writes it to the call log first, turns an `OrderRefusal` into an error result for the model, and
 * notes a cancelled call as cancelled. Other errors go on to the SDK, which answers with them.
 */
export async function answerCall(
  context: ToolContext,
  call: { readonly tool: string; readonly arguments: Record<string, unknown>; readonly extra: CallExtra },
  run: () => CallToolResult | Promise<CallToolResult>,
): Promise<CallToolResult> {
  const chatId = chatIdOf(call.extra);
  const sessionId = header(call.extra, "x-session-id");
  const end = context.book.logCall({
    tool: call.tool,
    arguments: call.arguments,
    ...(chatId === undefined ? {} : { chatId }),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
  try {
    const result = await run();
    end(result.isError === true ? "error" : "ok");
    return result;
  } catch (error) {
    end(call.extra.signal.aborted ? "cancelled" : "error");
    if (error instanceof OrderRefusal) return { isError: true, content: [{ type: "text", text: error.message }] };
    throw error;
  }
}

/** The conversation a call belongs to, as the host says in `X-Chat-Id`. */
export function chatIdOf(extra: CallExtra): string | undefined {
  return header(extra, "x-chat-id");
}

/** A result whose text is the same JSON as its structured content, as MCP asks for clients that read only text. */
export function structured(value: Record<string, unknown>): CallToolResult {
  return { structuredContent: value, content: [{ type: "text", text: JSON.stringify(value) }] };
}

function header(extra: CallExtra, name: string): string | undefined {
  const value = extra.requestInfo?.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
