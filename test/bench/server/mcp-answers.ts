import type { ServerResponse } from "node:http";
import * as z from "zod";

const messageSchema = z.object({ id: z.union([z.string(), z.number()]).optional(), method: z.string() });

const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "bench", version: "1" } },
  ping: {},
  "tools/list": {
    tools: [
      {
        name: "look_up",
        description: "Looks an order up.",
        inputSchema: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
      },
    ],
  },
  "tools/call": { content: [{ type: "text", text: "Order 1042 was sent on Monday." }] },
};

/** An MCP server of the legacy era over Streamable HTTP, with the least work that one can do. */
export function answerMcp(method: string, body: string, response: ServerResponse): void {
  if (method !== "POST") {
    response.writeHead(method === "DELETE" ? 200 : 405).end();
    return;
  }
  const message = messageSchema.parse(JSON.parse(body));
  if (message.id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const result = RESULTS[message.method];
  const answer = result === undefined ? { error: { code: -32601, message: "Method not found" } } : { result };
  response
    .writeHead(200, { "content-type": "application/json", ...(message.method === "initialize" ? { "mcp-session-id": "bench" } : {}) })
    .end(JSON.stringify({ jsonrpc: "2.0", id: message.id, ...answer }));
}
