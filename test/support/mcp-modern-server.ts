import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { peer } from "./peers.ts";

/** As much of `@modelcontextprotocol/server` as the fixture uses; it is not a dependency of ours. */
interface ServerModule {
  readonly McpServer: new (info: object, options: object) => ModernMcpServer;
  createMcpHandler(factory: () => ModernMcpServer): ModernHandler;
  readonly fromJsonSchema: (schema: object) => unknown;
}
interface ModernHandler {
  readonly notify: { toolsChanged(): void };
  close(): Promise<void>;
}
export interface ModernMcpServer {
  registerTool(name: string, config: object, run: (input: never, context: ModernContext) => Promise<object> | object): unknown;
}
export interface ModernContext {
  readonly mcpReq: {
    readonly _meta?: { progressToken?: number };
    readonly signal: AbortSignal;
    /** The answers to what an earlier result of the same call asked for. */
    readonly inputResponses?: Readonly<Record<string, { action: string; content?: Readonly<Record<string, unknown>> }>>;
    notify(notification: object): Promise<void>;
  };
}

export interface ModernServer {
  readonly url: string;
  readonly requests: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Tells everybody who listens that the tools changed. */
  toolsChanged(): void;
  close(): Promise<void>;
}

/**
 * A server of the modern era (2026-07-28), made with the official package; `build` registers the tools of each
 * request's server.
 */
export async function modernServer(
  build: (server: ModernMcpServer, schema: (jsonSchema: object) => unknown) => void,
  cacheHints: object = {},
): Promise<ModernServer> {
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(join(await peer(name), "dist/index.mjs")).href);
  const sdk = (await load("@modelcontextprotocol/server")) as ServerModule;
  const adapter = (await load("@modelcontextprotocol/node")) as { toNodeHandler(handler: ModernHandler): RequestListener };
  const handler = sdk.createMcpHandler(() => {
    const server = new sdk.McpServer({ name: "modern", version: "1" }, { capabilities: { tools: { listChanged: true } }, cacheHints });
    build(server, sdk.fromJsonSchema);
    return server;
  });
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const listener = adapter.toNodeHandler(handler);
  const server = createServer((request, response) => {
    const record = { headers: request.headers, body: "" };
    requests.push(record);
    request.on("data", (chunk: Buffer) => (record.body += chunk.toString()));
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    requests,
    toolsChanged: () => handler.notify.toolsChanged(),
    close: async () => {
      await handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
