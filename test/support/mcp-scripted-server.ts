import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON-RPC message, as far as the script looks at it. */
export interface ScriptedMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

export interface RecordedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly message?: ScriptedMessage;
}

/** Answers one message in its own way; what it does not answer stays unanswered. */
export type Answer = (response: ServerResponse, message: ScriptedMessage) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  /** The answers by JSON-RPC method (`GET` and `DELETE` by HTTP method); may be changed while it runs. */
  readonly script: Record<string, Answer>;
  /** How many requests of a JSON-RPC method came. */
  count(method: string): number;
  close(): Promise<void>;
}

/**
 * An MCP server of the legacy era over Streamable HTTP that does exactly what a test says, well-behaved where it says
 * nothing: for what cannot be had from real servers.
 */
export async function scriptedServer(script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const answers: Record<string, Answer> = {
    GET: (response) => response.writeHead(405).end(),
    DELETE: (response) => response.writeHead(200).end(),
    "server/discover": (response) => response.writeHead(400).end("no session"),
    initialize: (response, { id }) => {
      const result = {
        protocolVersion: "2025-06-18",
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "scripted", version: "1" },
      };
      json(response, { jsonrpc: "2.0", id, result }, { "mcp-session-id": `session-${requests.length}` });
    },
    ping: (response, { id }) => json(response, { jsonrpc: "2.0", id, result: {} }),
    "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: [tool("act")] } }),
    "tools/call": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } }),
    ...script,
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const message = text === "" ? undefined : (JSON.parse(text) as ScriptedMessage);
      const { method = "", headers } = request;
      requests.push({ method, headers, ...(message === undefined ? {} : { message }) });
      const answer = answers[message?.method ?? method];
      if (answer !== undefined) answer(response, message ?? {});
      else if (message?.id === undefined) response.writeHead(202).end();
      else json(response, { jsonrpc: "2.0", id: message.id, error: { code: -32601, message: "Method not found" } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    requests,
    script: answers,
    count: (method) => requests.filter((request) => (request.message?.method ?? request.method) === method).length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function tool(name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { name, inputSchema: { type: "object" }, ...more };
}

export function json(response: ServerResponse, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Starts an answer as a stream of events; gives what sends one. */
export function eventStream(response: ServerResponse): (message: unknown) => void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  return (message) => void response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

/** Answers with a result. */
export function result(value: unknown): Answer {
  return (response, { id }) => json(response, { jsonrpc: "2.0", id, result: value });
}

/** A list of tools whose pages never end, each with a cursor of its own. */
export const endlessList: Answer = (response, { id = 0 }) =>
  json(response, { jsonrpc: "2.0", id, result: { tools: [tool("one")], nextCursor: `after ${id}` } });
