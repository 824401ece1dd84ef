import { createServer, type RequestListener, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { servedTools } from "../support/publishing-server.ts";
import type { Bench } from "./figure.ts";
import { bestMedian } from "./samples.ts";

const TOOLS = 500;
const ROUNDS = 25;
const CALLS = 30;
const LISTS = 15;

/**
 * What a published server adds to the same tools on the bare official server: the key, the limits, the gate, the log.
 * The tool is one request to the same back end on both sides, and a client of both eras' last revision asks them in
 * turn.
 */
export const benchPublished: Bench = async ({ fast }) => {
  const backend = createServer((_request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end('{"status":"shipped"}');
  });
  const address = await listening(backend);
  const names = Array.from({ length: TOOLS }, (_, index) => `tool_${index}`);
  const ours = await servedTools({ names, backend: address });
  const bare = createServer(bareServer(names, address) as RequestListener);
  const bareUrl = `${await listening(bare)}/mcp`;

  const [calls, floorCalls, lists, floorLists]: number[][][] = [[], [], [], []];
  for (let round = 0; round < (fast ? 1 : ROUNDS); round += 1) {
    const call = { name: "tool_7", arguments: { order: 1042 } };
    floorCalls!.push(await timed(CALLS, { url: bareUrl }, "tools/call", call));
    calls!.push(await timed(CALLS, ours, "tools/call", call));
    floorLists!.push(await timed(LISTS, { url: bareUrl }, "tools/list", {}));
    lists!.push(await timed(LISTS, ours, "tools/list", {}));
  }
  await ours.close();
  for (const server of [bare, backend]) await closed(server);
  return [
    {
      name: "a published tool's call, floor: the same tool on the bare official server",
      unit: "ms",
      value: bestMedian(calls!),
      floor: bestMedian(floorCalls!),
      budget: 1.5,
      judged: "ratio",
    },
    {
      name: `tools/list with ${TOOLS} published tools, floor: the bare official server`,
      unit: "ms",
      value: bestMedian(lists!),
      floor: bestMedian(floorLists!),
      budget: 1.2,
      judged: "ratio",
    },
  ];
};

/** As little as the official server needs for these tools. */
function bareServer(names: readonly string[], backend: string) {
  const tools = names.map((name) => ({
    name,
    title: name,
    description: "Looks an order up.",
    inputSchema: { type: "object" as const, additionalProperties: false, properties: { order: { type: "integer" } }, required: ["order"] },
    annotations: { readOnlyHint: false },
  }));
  const handler = createMcpHandler(() => {
    const server = new Server({ name: "bare", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools }));
    server.setRequestHandler("tools/call", async ({ params }) => {
      const response = await fetch(`${backend}/look`, { method: "POST", body: JSON.stringify(params.arguments) });
      return { content: [{ type: "text", text: await response.text() }] };
    });
    return server;
  });
  return toNodeHandler(handler);
}

async function timed(
  times: number,
  { url, key }: { readonly url: string; readonly key?: string },
  method: string,
  params: object,
): Promise<number[]> {
  const samples: number[] = [];
  const name = "name" in params ? { "Mcp-Name": String(params.name) } : {};
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } });
  for (let time = 0; time < times; time += 1) {
    const begun = performance.now();
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": method,
        ...name,
        ...(key === undefined ? {} : { "X-API-Key": key }),
      },
      body,
    });
    const text = await response.text();
    samples.push(performance.now() - begun);
    if (!response.ok || text.includes('"error"')) throw new Error(text.slice(0, 500));
  }
  return samples;
}

async function listening(server: HttpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
