import { onTestFinished } from "vitest";
import { readDefinition, type ToolDefinition } from "../../server/tools/definitions/tool-definition.ts";
import { json, scriptedServer, tool } from "../support/mcp-scripted-server.ts";
import { testRegistry, type TestRegistry } from "./registry-harness.ts";

export type Listed = Readonly<Record<string, unknown>>;

/** A server that changes its tools and announces nothing. */
export interface ChangingServer {
  readonly url: string;
  /** What it lists from now on. */
  list: readonly Listed[];
}

export async function changing(...first: readonly Listed[]): Promise<ChangingServer> {
  const state = { url: "", list: first };
  const server = await scriptedServer({
    "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: state.list } }),
  });
  onTestFinished(() => server.close());
  return Object.assign(state, { url: server.url });
}

export async function registered(...first: readonly Listed[]): Promise<{ server: ChangingServer; registry: TestRegistry }> {
  const server = await changing(...first);
  const registry = await testRegistry();
  await registry.create({ key: "orders", url: server.url });
  return { server, registry };
}

export function definition(listed: Listed): ToolDefinition {
  const read = readDefinition(listed);
  if (typeof read === "string") throw new Error(read);
  return read;
}

export const refund = (more: Listed = {}): Listed =>
  tool("refund", {
    description: "Refunds an order.",
    inputSchema: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
    ...more,
  });
