/** What a desk talks to, and what is put on it: MCP servers, a model, an assistant. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startModel as startScriptedModel } from "../../../demo/model/server.ts";
import { startOrders as startOrderServer } from "../../../demo/orders/server.ts";
import { temporaryFolder } from "../../http/server-harness.ts";
import { json, type ScriptedServer, scriptedServer } from "../../support/mcp-scripted-server.ts";
import type { Desk } from "./desk.ts";

/** The demo's order server: its address. */
export async function startOrders(): Promise<string> {
  const orders = await startOrderServer({ port: 0, file: join(await temporaryFolder(), "orders.json"), trackDurationMs: 0 });
  onTestFinished(() => orders.close());
  return `${orders.url}/mcp`;
}

/** The demo's scripted model: the address of its API. */
export async function startModel(): Promise<string> {
  const model = await startScriptedModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 });
  onTestFinished(() => model.close());
  return `${model.url}/v1`;
}

/** An MCP server with these tools, which can be changed while it runs. */
export async function peerWith(
  tools: readonly Readonly<Record<string, unknown>>[],
): Promise<ScriptedServer & { tools: readonly unknown[] }> {
  const peer = { tools: tools as readonly unknown[] };
  const server = await scriptedServer({
    "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: peer.tools } }),
  });
  onTestFinished(() => server.close());
  return Object.assign(peer, server);
}

/** A model that is nowhere. */
const MODEL = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-kept" };

/** An assistant, published. */
export async function makePots({ admin }: Desk, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const pots = { key: "pots", name: "Pots", prompt: "You sell pots.", model: MODEL, allowedOrigins: ["https://a.example"] };
  await admin.api("POST", "/assistants", { ...pots, ...more });
}
