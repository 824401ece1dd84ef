import { afterEach } from "vitest";
import type { CallContext, ToolResult } from "../../server/conversation/ports/tools.ts";
import type { McpToolsPorts } from "../../server/tools/mcp/mcp-tools.ts";
import { callContext, testHost, toolOf, type TestHost } from "./mcp-host.ts";
import { scriptedServer, type Answer, type ScriptedServer } from "./mcp-scripted-server.ts";
import type { WrittenRemote } from "./static-directory.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Closed when the test is over, before what was opened earlier. */
export function opened<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

/** A scripted server for one test. */
export async function serve(script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  return opened(await scriptedServer(script));
}

/** A host for one test, with one server: the shop. */
export function shopHost(
  server: { readonly url: string },
  settings: Partial<WrittenRemote> = {},
  ports: Partial<McpToolsPorts> = {},
): TestHost {
  return opened(testHost([{ key: "shop", name: "Shop", url: server.url, ...settings }], ports));
}

/** Opens a conversation and calls the shop's tool. */
export async function act(host: TestHost, conversationId?: string, context: Partial<CallContext> = {}): Promise<ToolResult> {
  return toolOf(await host.open(conversationId), "shop__act").call({}, callContext(context));
}
