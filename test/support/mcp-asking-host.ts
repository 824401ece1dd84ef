import type { InputAnswer, ToolResult } from "../../server/conversation/ports/tools.ts";
import { askingServer, type AskingCall } from "./mcp-asking-server.ts";
import { callContext, toolOf, type TestHost } from "./mcp-host.ts";
import { opened, shopHost } from "./mcp-opened.ts";
import type { Answer, ScriptedServer } from "./mcp-scripted-server.ts";
import type { WrittenRemote } from "./static-directory.ts";

/** A host with one server that asks during calls, closed when the test is over. */
export async function askingHost(
  act: (call: AskingCall) => Promise<object>,
  more: { settings?: Partial<WrittenRemote>; script?: Record<string, Answer> } = {},
): Promise<{
  host: TestHost;
  server: ScriptedServer;
  act: (context?: Parameters<typeof callContext>[0], input?: Record<string, unknown>) => Promise<ToolResult>;
}> {
  const server = opened(await askingServer(act, more.script));
  const host = shopHost(server, more.settings);
  return { host, server, act: async (context, input = {}) => toolOf(await host.open(), "shop__act").call(input, callContext(context)) };
}

/** What a result says in its first text. */
export const saidIn = ({ content }: ToolResult): unknown => JSON.parse(content[0]?.kind === "text" ? content[0].text : "null");

/** A person who always answers in this way. */
export const answering = (action: InputAnswer["action"], content?: InputAnswer["content"]) => async (): Promise<InputAnswer> => ({
  kind: "input",
  action,
  ...(content === undefined ? {} : { content }),
});
