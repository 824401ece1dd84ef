import { expect, it, onTestFinished } from "vitest";
import { createMcpTools } from "../../server/tools/mcp/mcp-tools.ts";
import { quietLog } from "../model/test-clock.ts";
import { computedMs } from "../support/computed-ms.ts";
import { assistantWith } from "../support/mcp-host.ts";
import { result, scriptedServer, tool } from "../support/mcp-scripted-server.ts";
import { SIGNAL, testRegistry } from "./registry-harness.ts";

const SERVERS = 50;
const TOOLS = 40;
const ROUNDS = 15;
const BUDGET_MS = 50;

it(`opens a conversation with ${SERVERS} servers of ${TOOLS} tools with less than ${BUDGET_MS} ms of work, once their lists are warm`, async () => {
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
  const registry = await testRegistry({ fileServers });
  const noSignIn = async (): Promise<never> => Promise.reject(new Error("nobody signs in here"));
  const authorizations = { token: noSignIn, refused: noSignIn };
  const tools = createMcpTools({ directory: registry.directory, authorizations, fetch, clock: registry.clock, log: quietLog });
  onTestFinished(() => tools.close());
  const assistant = assistantWith(fileServers.map(({ key }) => key));
  const open = async (conversationId: string): Promise<number> => {
    const begun = computedMs();
    const toolbox = await tools.open({ assistant, conversationId, customerId: "customer", sessionId: "session", signal: SIGNAL });
    const tookMs = computedMs() - begun;
    expect([toolbox.tools.length, toolbox.unavailable]).toEqual([SERVERS * TOOLS, []]);
    return tookMs;
  };
  const coldMs = await open("conversation-first");
  const asked = server.count("tools/list");
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) warm.push(await open(`conversation-${round}`));
  const [best = 0, median = 0] = [warm.toSorted((a, b) => a - b)[0], warm.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]];
  console.log(
    `Opening with ${SERVERS} servers of ${TOOLS} tools: warm ${median.toFixed(1)} ms (best ${best.toFixed(1)}), cold ${coldMs.toFixed(0)} ms`,
  );
  expect(server.count("tools/list")).toBe(asked);
  // The best round is what our own work takes; the others may have waited for other processes of this machine.
  expect(best).toBeLessThan(BUDGET_MS);
});
