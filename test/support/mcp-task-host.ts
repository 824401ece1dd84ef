import type { ToolResult } from "../../server/conversation/ports/tools.ts";
import { callContext, testHost, toolOf, type TestHost } from "./mcp-host.ts";
import { answering, modernScriptedServer } from "./mcp-modern-script.ts";
import { opened } from "./mcp-opened.ts";
import { json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "./mcp-scripted-server.ts";

const NEVER_MS = 1_000_000_000;

export type State = Record<string, unknown>;
export const task = (status: string, more: State = {}): State => ({
  taskId: "task-1",
  status,
  createdAt: "2026-11-20T00:00:00Z",
  lastUpdatedAt: "2026-11-20T00:00:00Z",
  ...more,
});
export const text = (words: string): State => ({ content: [{ type: "text", text: words }] });
export const gone = { error: { code: -32602, message: "Failed to retrieve task: Task not found" } };

/** A server of the extension, whose task goes through `states`; the last one stays. */
export async function extensionServer(states: (State | { error: unknown })[], more: Record<string, Answer> = {}): Promise<ScriptedServer> {
  let at = 0;
  return modernScriptedServer({
    "tools/call": answering(() => ({ ...task("working", { ttlMs: 3_600_000, pollIntervalMs: 250 }), resultType: "task" })),
    "tasks/get": answering(() => states[Math.min(at++, states.length - 1)] ?? gone),
    "tasks/update": answering(() => ({})),
    "tasks/cancel": answering(() => ({})),
    ...more,
  });
}

/** The same in the form of 2025-11-25. */
export async function legacyTaskServer(states: State[], taskResult: Answer, more: Record<string, Answer> = {}): Promise<ScriptedServer> {
  let at = 0;
  const capabilities = { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } };
  return scriptedServer({
    initialize: result({ protocolVersion: "2025-11-25", capabilities, serverInfo: { name: "tasks", version: "1" } }),
    "tools/list": result({ tools: [tool("act", { execution: { taskSupport: "required" } }), tool("plain")] }),
    "tools/call": (response, { id, params }) =>
      json(response, {
        jsonrpc: "2.0",
        id,
        result: "task" in (params ?? {}) ? { task: task("working", { ttl: 3_600_000, pollInterval: 250 }) } : text("at once"),
      }),
    "tasks/get": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: states[Math.min(at++, states.length - 1)] }),
    "tasks/result": taskResult,
    "tasks/cancel": result(task("cancelled")),
    ...more,
  });
}

export function taskHost(server: ScriptedServer): {
  host: TestHost;
  act: (context?: Parameters<typeof callContext>[0], name?: string) => Promise<ToolResult>;
} {
  // The clock runs fast here, and nothing but the task should notice.
  opened(server);
  const host = opened(testHost([{ key: "long", name: "Long", url: server.url, connectTimeoutMs: NEVER_MS, callTimeoutMs: NEVER_MS }]));
  return { host, act: async (context, name = "act") => toolOf(await host.open(), `long__${name}`).call({}, callContext(context)) };
}

/** Lets the clock run while a call does. */
export async function inTime<T>(host: TestHost, calling: Promise<T>, stepMs = 1_000): Promise<T> {
  const run = setInterval(() => host.advance(stepMs), 2);
  try {
    return await calling;
  } finally {
    clearInterval(run);
  }
}
