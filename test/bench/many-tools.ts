import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { createMcpTools } from "../../server/tools/mcp/mcp-tools.ts";
import { noAuthorizations, staticDirectory } from "../support/static-directory.ts";
import type { Bench, Figure } from "./figure.ts";
import { bestMedian } from "./samples.ts";

const SERVERS = 50;
const TOOLS = 40;
const ROUNDS = 5;
const OPENS = 40;

/**
 * What opening a conversation costs when the lists of all servers are warm: everything that is done for it, nothing of
 * which is waiting.
 */
export const benchManyTools: Bench = async ({ fast }) => {
  const { port, close } = await manyTools();
  const servers = Array.from({ length: SERVERS }, (_, at) => ({
    key: `server_${at}`,
    name: `Server ${at}`,
    url: `http://127.0.0.1:${port}/${at}/mcp`,
    // What is measured is our own work; a busy machine may take its time to get there.
    connectTimeoutMs: 60_000,
  }));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const host = createMcpTools({ directory: staticDirectory(servers), authorizations: noAuthorizations, fetch, clock: systemClock, log });
  let conversation = 0;
  const open = async () => {
    const { tools, unavailable } = await host.open({
      assistant: assistantWith(servers.map(({ key }) => key)),
      conversationId: `conversation-${(conversation += 1)}`,
      customerId: "customer-1",
      sessionId: "session-1",
      signal: new AbortController().signal,
    });
    if (tools.length !== SERVERS * TOOLS)
      throw new Error(`${tools.length} tools instead of ${SERVERS * TOOLS}: ${JSON.stringify(unavailable[0])}`);
    return tools;
  };
  const begun = performance.now();
  const listed = await open();
  const coldMs = performance.now() - begun;
  const warm: number[][] = [];
  const floor: number[][] = [];
  for (let round = 0; round < (fast ? 1 : ROUNDS); round += 1) {
    warm.push(await timed(open));
    floor.push(await timed(async () => listed.map((tool) => ({ ...tool })).sort((a, b) => (a.name < b.name ? -1 : 1))));
  }
  await host.close();
  await close();
  const figures: Figure[] = [
    {
      name: `a conversation opens with ${SERVERS} servers of ${TOOLS} tools, warm lists`,
      unit: "ms",
      value: bestMedian(warm),
      floor: bestMedian(floor),
      budget: 50,
    },
    { name: "the same for the first time, every server on this machine", unit: "ms", value: coldMs },
  ];
  return figures;
};

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let time = 0; time < OPENS; time += 1) {
    const begun = performance.now();
    await work();
    samples.push(performance.now() - begun);
  }
  return samples;
}

/** Every path is a server with its tools. */
async function manyTools(): Promise<{ port: number; close: () => Promise<void> }> {
  const tools = Array.from({ length: TOOLS }, (_, at) => ({
    name: `tool_${at}`,
    title: `Tool ${at}`,
    description: `Looks something up that a customer may ask for, and answers with what was found under the number ${at}.`,
    inputSchema: {
      type: "object",
      properties: { order: { type: "string", description: "The order's number" }, more: { type: "integer" } },
      required: ["order"],
    },
  }));
  const results: Readonly<Record<string, unknown>> = {
    initialize: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "bench", version: "1" } },
    "tools/list": { tools },
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      if (request.method !== "POST") return response.writeHead(request.method === "DELETE" ? 200 : 405).end();
      const { id, method } = JSON.parse(body) as { id?: number; method: string };
      if (id === undefined) return response.writeHead(202).end();
      const result = results[method];
      const answer = result === undefined ? { error: { code: -32601, message: "Method not found" } } : { result };
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function assistantWith(servers: readonly string[]): Assistant {
  return {
    key: "bench",
    name: "Bench",
    prompt: "",
    model: { provider: "openai-compatible", model: "none", contextTokens: 8_000, maxOutputTokens: 1_000 },
    allowedOrigins: [],
    trace: "full",
    starters: [],
    connectors: servers.map((server) => ({ server, permissions: {} })),
    maxSteps: 10,
    turnTimeoutMs: 60_000,
    turnTokens: 100_000,
    approvalTimeoutMs: 60_000,
    resultBytes: 16_000,
    limits: { messageCharacters: 4_000, messagesPerMinute: 60, messagesPerMinutePerAddress: 60, concurrentTurns: 10 },
  };
}
