import { expect, it, onTestFinished, vi } from "vitest";
import type { Tool } from "../../server/conversation/ports/tools.ts";
import { createMcpTools } from "../../server/tools/mcp/mcp-tools.ts";
import { quietLog } from "../model/test-clock.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { assistantWith } from "../support/mcp-host.ts";
import { result, scriptedServer, tool } from "../support/mcp-scripted-server.ts";
import { SIGNAL, testRegistry } from "./registry-harness.ts";

const SERVERS = 50;
const TOOLS = 40;
const ROUNDS = 15;

it(`opens a conversation with ${SERVERS} servers of ${TOOLS} tools from memory, once their lists are warm`, async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`field_${index}`, { type: "string", description: "A field." }]),
  );
  const list = Array.from({ length: TOOLS }, (_, index) =>
    tool(`tool_${index}`, { description: `Does ${index}. `.repeat(10), inputSchema: { type: "object", properties } }),
  );
  const server = await scriptedServer({ "tools/list": result({ tools: list }) });
  onTestFinished(() => server.close());
  const fileServers = Array.from({ length: SERVERS }, (_, index) => ({
    key: `server-${index}`,
    name: `Server ${index}`,
    url: server.url,
    connectTimeoutMs: 60_000,
  }));
  const documents = createMemoryDocuments();
  const registry = await testRegistry({ fileServers, documents });
  const noSignIn = async (): Promise<never> => Promise.reject(new Error("nobody signs in here"));
  const authorizations = { token: noSignIn, refused: noSignIn };
  const tools = createMcpTools({ directory: registry.directory, authorizations, fetch, clock: registry.clock, log: quietLog });
  onTestFinished(() => tools.close());
  const assistant = assistantWith(fileServers.map(({ key }) => key));
  const open = async (conversationId: string): Promise<readonly Tool[]> => {
    const toolbox = await tools.open({ assistant, conversationId, customerId: "customer", sessionId: "session", signal: SIGNAL });
    expect([toolbox.tools.length, toolbox.unavailable]).toEqual([SERVERS * TOOLS, []]);
    return toolbox.tools;
  };
  const cold = await open("conversation-first");
  await registry.pins.settled();
  const asked = server.requests.length;
  const stringify = vi.spyOn(JSON, "stringify");
  const verdicts = vi.spyOn(registry.directory, "observe");
  const documentCalls = (["get", "list", "write"] as const).map((name) => vi.spyOn(documents, name));
  onTestFinished(() => void vi.restoreAllMocks());
  for (let round = 0; round < ROUNDS; round += 1) {
    const warm = await open(`conversation-${round}`);
    // The schemas are those that were read first, not read or compiled anew.
    expect(warm.every(({ inputSchema }, index) => inputSchema === cold[index]?.inputSchema)).toBe(true);
  }
  await registry.pins.settled();
  expect(server.requests.length).toBe(asked);
  expect(documentCalls.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
  expect(verdicts.mock.calls.length).toBe(ROUNDS * SERVERS);
  expect(stringify.mock.calls.length).toBe(0);
});
