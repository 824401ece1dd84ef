import { canonicalJson, sha256Hex } from "../conversation/canonical-json.ts";
import type { ConnectionNeed, Tool } from "../conversation/ports.ts";
import type { McpServerSettings } from "./settings.ts";
import { toolNames } from "./tool-name.ts";

/** What the tool is called where a server's tools are named. */
export const CONNECT_TOOL = "connect";

/**
 * Stands for a server of which nothing is known before somebody signs in: the model can say that it wants to use it. `needsConnection` asks for the sign-in;
 * once that is done the call has nothing left to do.
 */
export function connectTool(
  settings: McpServerSettings,
  needsConnection: () => Promise<ConnectionNeed | undefined>,
  onConnected: () => void,
): Tool {
  const { key, name } = settings;
  const description = `Sign in to ${name} to use its tools.`;
  const inputSchema = { type: "object", properties: {}, additionalProperties: false };
  return {
    name: toolNames(key, [CONNECT_TOOL])[0] ?? `${key}__${CONNECT_TOOL}`,
    reference: { source: "mcp", server: key, serverName: name, tool: CONNECT_TOOL, title: `Sign in to ${name}`, readOnly: true },
    description,
    inputSchema,
    definitionHash: sha256Hex(canonicalJson({ connect: key, description, inputSchema })),
    check: (input) => (Object.keys(input).length === 0 ? undefined : "This tool takes no arguments."),
    needsConnection,
    call: async () => {
      const need = await needsConnection();
      if (need !== undefined) return { outcome: "needs-connection", need };
      onConnected();
      return { outcome: "ok", content: [{ kind: "text", text: `Signed in to ${name}. Its tools are there now.` }] };
    },
  };
}
