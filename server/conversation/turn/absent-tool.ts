import type { ToolReference } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";
import { isOwnServer, OWN_SERVERS } from "../ports/tools.ts";

/**
 * The tool that a call means when there is none of that name, or no longer: it belongs to the assistant's server with
 * whose identifier the name begins, so that the call is listed among that server's. `serverName` gives a server's name
 * where it is known.
 */
export function absentTool(assistant: Assistant, name: string, serverName: (server: string) => string | undefined): ToolReference {
  const servers = [...assistant.connectors.map((connector) => connector.server), ...Object.keys(OWN_SERVERS)];
  const meant = servers.filter((server) => name.startsWith(`${server}__`)).toSorted((left, right) => right.length - left.length)[0];
  if (meant === undefined) return { source: "host", server: "unknown", serverName: "", tool: name, title: name };
  const tool = name.slice(meant.length + "__".length) || name;
  const source = isOwnServer(meant) ? OWN_SERVERS[meant].source : "mcp";
  return { source, server: meant, serverName: serverName(meant) ?? meant, tool, title: tool };
}
