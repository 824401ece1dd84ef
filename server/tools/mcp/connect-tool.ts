import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { ConnectionNeed, Tool } from "../../conversation/ports/tools.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import { toolNames } from "../definitions/tool-name.ts";

/** The name of the tool among a server's tools. */
export const CONNECT_TOOL = "connect";

/**
 * Stands for a server of which nothing is known before somebody signs in: the model can say that it wants to use it.
 * `look` tries to read the list of tools, and says what is still missing, or why it failed; once the list is there, the
 * call has nothing left to do.
 */
export function connectTool(
  settings: McpServerSettings,
  look: () => Promise<{ need: ConnectionNeed } | { fault: string } | undefined>,
): Tool {
  const { key, name } = settings;
  const description = `Sign in to ${name} to use its tools.`;
  const inputSchema = { type: "object", properties: {}, additionalProperties: false };
  return {
    name: toolNames(key, [CONNECT_TOOL])[0] ?? `${key}__${CONNECT_TOOL}`,
    // Ours, not the server's: what the connector allows of the server's tools does not speak of it.
    reference: { source: "host", server: key, serverName: name, tool: CONNECT_TOOL, title: `Sign in to ${name}`, readOnly: true },
    description,
    inputSchema,
    definitionHash: sha256Hex(canonicalJson({ connect: key, description, inputSchema })),
    check: (input) => (Object.keys(input).length === 0 ? undefined : "This tool takes no arguments."),
    needsConnection: async () => {
      const found = await look();
      return found !== undefined && "need" in found ? found.need : undefined;
    },
    call: async () => {
      const found = await look();
      if (found === undefined)
        return { outcome: "ok", content: [{ kind: "text", text: `Signed in to ${name}. Its tools are there now.` }] };
      if ("need" in found) return { outcome: "needs-connection", need: found.need };
      return {
        outcome: "failed",
        content: [{ kind: "text", text: `Signed in to ${name}, but its tools cannot be read now.` }],
        cause: found.fault,
      };
    },
  };
}
