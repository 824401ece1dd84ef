import type { ToolReference } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";

/** The server under whose name HTTP tools are. */
const HTTP_SERVER = "http";

/**
 * What a call means whose tool is not there (any more): the server of the assistant that its name begins with, so that the call is found among that server's.
 * `serverName` gives a server's name as far as it is known.
 */
export function absentTool(assistant: Assistant, name: string, serverName: (server: string) => string | undefined): ToolReference {
  const servers = [...assistant.connectors.map((connector) => connector.server), HTTP_SERVER];
  const meant = servers.filter((server) => name.startsWith(`${server}__`)).toSorted((left, right) => right.length - left.length)[0];
  if (meant === undefined) return { source: "host", server: "unknown", serverName: "", tool: name, title: name };
  const tool = name.slice(meant.length + "__".length) || name;
  return { source: meant === HTTP_SERVER ? "http" : "mcp", server: meant, serverName: serverName(meant) ?? meant, tool, title: tool };
}
