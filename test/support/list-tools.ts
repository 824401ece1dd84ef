import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ListedTool {
  readonly name: string;
  readonly inputSchema: Record<string, unknown>;
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly tools?: readonly ListedTool[]; readonly nextCursor?: string };
}

/** What an MCP server that is a Node script says of its tools over stdio, as it says it: nothing is cleaned or cut. */
export async function listTools(script: readonly string[]): Promise<readonly ListedTool[]> {
  const child = spawn(process.execPath, [...script], { stdio: ["pipe", "pipe", "ignore"], env: { PATH: process.env["PATH"] } });
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const tools: ListedTool[] = [];
  try {
    const clientInfo = { name: "test", version: "0" };
    send({ id: 0, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo } });
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line) as Answer;
      if (id === undefined) continue;
      if (id === 0) send({ method: "notifications/initialized" });
      tools.push(...(result?.tools ?? []));
      if (id > 0 && result?.nextCursor === undefined) return tools;
      send({ id: id + 1, method: "tools/list", params: result?.nextCursor === undefined ? {} : { cursor: result.nextCursor } });
    }
    throw new Error(`${script[0]} ended before it told its tools.`);
  } finally {
    child.kill("SIGKILL");
  }
}
