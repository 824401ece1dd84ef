import type { CallContext, ConnectionNeeded, ToolPause, ToolResult } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { CallScope } from "./calls/call-scope.ts";
import type { McpConnection } from "./wire/mcp-connection.ts";
import type { McpSdk } from "./wire/mcp-sdk.ts";
import { PauseMemory } from "./calls/pause-memory.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import { carryOut } from "./calls/tool-call.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One call over a connection that somebody else made and closes: outside of conversations, with nobody to ask. Never throws. */
export async function callByHand(
  connection: McpConnection,
  call: {
    readonly definition: ToolDefinition;
    readonly input: Readonly<Record<string, unknown>>;
    readonly context: CallContext;
    readonly settings: McpServerSettings;
    readonly clock: Clock;
    readonly sdk: McpSdk;
  },
): Promise<ToolResult | ToolPause | ConnectionNeeded> {
  const scope = new CallScope({ ...call, log: silent, samplingTokens: 0 });
  const leaving = new AbortController();
  try {
    const connect = async (): Promise<McpConnection> => connection;
    return await carryOut({ ...call, scope, memory: new PauseMemory(), connect, leaving: leaving.signal, personal: false });
  } finally {
    scope.end();
  }
}
