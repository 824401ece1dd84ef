import { join } from "node:path";
import type { IncomingMessage } from "node:http";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { peer } from "../support/peers.ts";
import { freePort } from "../support/free-port.ts";

/** As much of `fastmcp` as is used here; it is not a dependency of ours. */
interface FastMcpModule {
  readonly FastMCP: new (options: object) => {
    addTool(tool: object): void;
    start(options: object): Promise<void>;
    stop(): Promise<void>;
  };
}

interface Context {
  readonly requestId?: string;
  readonly session: { readonly headers: IncomingMessage["headers"] };
}

export interface FastMcp {
  readonly url: string;
  close(): Promise<void>;
}

const quiet = { debug: () => undefined, error: () => undefined, info: () => undefined, log: () => undefined, warn: () => undefined };

/**
 * A server made with FastMCP, a framework of other people's: its tools answer with their arguments, the headers
 * that its `authenticate` saw, and the `requestId` of `_meta`, which is what FastMCP shows of that.
 */
export async function startFastMcp(): Promise<FastMcp> {
  const { FastMCP } = (await import(pathToFileURL(join(await peer("fastmcp"), "dist/FastMCP.js")).href)) as FastMcpModule;
  const server = new FastMCP({
    name: "fast",
    version: "1.0.0",
    logger: quiet,
    authenticate: async ({ headers }: IncomingMessage) => ({ headers }),
  });
  const execute = async (input: object, { requestId, session }: Context) => JSON.stringify({ input, requestId, ...session });
  const customer = z.string();
  server.addTool({ name: "cancel", description: "Cancels an order.", parameters: z.object({ order: z.string(), customer }), execute });
  server.addTool({ name: "hours", description: "When it is open.", parameters: z.object({}), execute });
  const port = await freePort();
  await server.start({ transportType: "httpStream", httpStream: { port, host: "127.0.0.1", endpoint: "/mcp" } });
  return { url: `http://127.0.0.1:${port}/mcp`, close: () => server.stop() };
}
