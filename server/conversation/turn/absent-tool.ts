import type { ToolReference } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";

/** The server under whose name HTTP tools are. */
const HTTP_SERVER = "http";

/**
 * The tool that a call means when there is none of that name, or no longer: it belongs to the assistant's server with
 * whose identifier the name begins, so that the call is listed among that server's. `serverName` gives a server's name
 * where it is known.
 */
export function absentTool(assistant: Assistant, name: string, serverName: (server: string) => string | undefined): ToolReference {
  const servers = [...assistant.connectors.map((connector) => connector.server), HTTP_SERVER];
  const meant = servers.filter((server) => name.startsWith(`${server}__`)).toSorted((left, right) => right.length - left.length)[0];
  if (meant === undefined) return { source: "host", server: "unknown", serverName: "", tool: name, title: name };
  const tool = name.slice(meant.length + "__".length) || name;
  return { source: meant === HTTP_SERVER ? "http" : "mcp", server: meant, serverName: serverName(meant) ?? meant, tool, title: tool };
}
