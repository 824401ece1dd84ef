import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type CallToolResult, CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { type OrderState, orderStateSchema } from "../../demo/orders/order.ts";

/** An MCP client of the order server, as a host would have it: the official one, with the headers of a chat. */
export async function connectOrders(url: string, chatId = "chat-1"): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers: { "X-Chat-Id": chatId, "X-Session-Id": "session-1" } },
  });
  // The class declares `sessionId` as `string | undefined`, which exactOptionalPropertyTypes tells apart from the
  // interface's.
  await client.connect(transport as Transport);
  // Output schemas are learnt here, so that every later result is checked against its own.
  await client.listTools();
  return { client, transport };
}

/** Calls a tool and gives back its result, whatever kind it is. */
export async function call(client: Client, name: string, input: Record<string, unknown>): Promise<CallToolResult> {
  return CallToolResultSchema.parse(await client.callTool({ name, arguments: input }));
}

/** The words of a result. */
export function textOf(result: CallToolResult): string {
  return result.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

export async function readState(url: string): Promise<OrderState> {
  return orderStateSchema.parse(await (await fetch(`${url}/state`)).json());
}
