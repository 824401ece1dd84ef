import { json, result, scriptedServer, type Answer, type ScriptedServer } from "./mcp-scripted-server.ts";

/**
 * A server of the modern era (2026-07-28) that does exactly what a test says: for what the official package would not
 * do.
 */
export async function modernScriptedServer(script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  return scriptedServer({
    "server/discover": modernResult({
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: {}, extensions: { "io.modelcontextprotocol/tasks": {} } },
      serverInfo: { name: "modern script", version: "1" },
    }),
    "tools/list": modernResult({ tools: [{ name: "act", inputSchema: { type: "object" } }] }),
    ...script,
  });
}

/** Answers with a result of the modern era. */
export function modernResult(value: Readonly<Record<string, unknown>>): Answer {
  return result({ resultType: "complete", ttlMs: 0, cacheScope: "private", ...value });
}

/** Answers with whatever `answer` makes of the parameters. */
export function answering(
  answer: (params: Record<string, unknown>) => Readonly<Record<string, unknown>> | { readonly error: unknown },
): Answer {
  return (response, { id, params }) => {
    const value = answer(params ?? {});
    if ("error" in value && !("status" in value)) json(response, { jsonrpc: "2.0", id, error: value.error });
    else json(response, { jsonrpc: "2.0", id, result: { resultType: "complete", ...value } });
  };
}
