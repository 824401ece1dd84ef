/**
 * A process that has just started and knows its programs' tools from the database: prints what its first conversation
 * takes to have them all, loading our own code included, as JSON: on the clock, and of the processor.
 */
import { existsSync } from "node:fs";
import { systemClock } from "../../server/start/system-clock.ts";
import { readDefinition, type ToolDefinition } from "../../server/tools/definitions/tool-definition.ts";
import { testRegistry } from "../setup/registry-harness.ts";
import { assistantWith } from "../support/mcp-host.ts";
import { noAuthorizations } from "../support/static-directory.ts";

const PROGRAMS = 20;
const TOOLS = 32;

const [mark = ""] = process.argv.slice(2);
const start = `require("node:fs").appendFileSync(${JSON.stringify(mark)}, "started\\n")`;
const fileServers = Array.from({ length: PROGRAMS }, (_, at) => ({
  key: `program_${at}`,
  name: `Program ${at}`,
  command: process.execPath,
  args: ["-e", start],
}));
const before = await testRegistry({ fileServers });
for (const { key } of fileServers) before.directory.learnt(key, tools(key));
await before.close();

const registry = await testRegistry({ fileServers, documents: before.documents, clock: before.clock });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const begun = performance.now();
const idle = process.cpuUsage();
const { createMcpTools } = await import("../../server/tools/mcp/mcp-tools.ts");
const host = createMcpTools({ directory: registry.directory, authorizations: noAuthorizations, fetch, clock: systemClock, log });
const samples: number[] = [];
let firstCpuMs = 0;
for (let conversation = 0; conversation < 20; conversation += 1) {
  const from = conversation === 0 ? begun : performance.now();
  const { tools: offered } = await host.open({
    assistant: assistantWith(fileServers.map(({ key }) => key)),
    conversationId: `conversation-${conversation}`,
    customerId: "customer-1",
    sessionId: "session-1",
    signal: new AbortController().signal,
  });
  samples.push(performance.now() - from);
  if (conversation === 0) {
    const { user, system } = process.cpuUsage(idle);
    firstCpuMs = (user + system) / 1_000;
  }
  if (offered.length !== PROGRAMS * TOOLS) throw new Error(`${offered.length} tools instead of ${PROGRAMS * TOOLS}.`);
}
await host.close();
if (existsSync(mark)) throw new Error("A program was started by a conversation that called nothing.");
const [first, ...later] = samples;
console.log(JSON.stringify({ programs: PROGRAMS, tools: PROGRAMS * TOOLS, firstMs: first, firstCpuMs, laterMs: later }));

function tools(key: string): readonly ToolDefinition[] {
  return Array.from({ length: TOOLS }, (_, at) => {
    const read = readDefinition({
      name: `tool_${at}`,
      title: `Tool ${at} of ${key}`,
      description: `Looks something up that a customer may ask for, and answers with what was found under the number ${at}. `.repeat(3),
      inputSchema: {
        type: "object",
        properties: Object.fromEntries(
          Array.from({ length: 8 }, (_, field) => [`field_${field}`, { type: "string", description: "One of the things to look for." }]),
        ),
        required: ["field_0"],
      },
    });
    if (typeof read === "string") throw new Error(read);
    return read;
  });
}
