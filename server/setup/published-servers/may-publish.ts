import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { StoredHttpTools } from "../http-tools/stored-http-tools.ts";
import type { RegisteredServers } from "../mcp-servers/server-directory.ts";
import type { AssistantRegistry } from "../assistants/assistants.ts";
import type { Sharing } from "../sharing/sharing.ts";
import type { PublishedTool } from "./published-server-record.ts";

export interface MayPublishPorts {
  readonly sharing: Pick<Sharing, "allows">;
  readonly assistants: Pick<AssistantRegistry, "checkVisible" | "checkManaged">;
}

export interface PublishingFaultPorts extends MayPublishPorts {
  readonly servers: Pick<RegisteredServers, "find">;
  readonly httpTools: Pick<StoredHttpTools, "get">;
}

type Source = Pick<PublishedTool, "source" | "server">;

/** Whether somebody may use what a tool comes from, and so may offer it to others. */
export function mayPublish({ sharing, assistants }: MayPublishPorts): (staff: Staff, tool: Source) => Promise<boolean> {
  return async (staff, { source, server = "" }) => {
    if (source === "http" || source === "mcp")
      return sharing.allows(staff, { kind: "mcp-server", id: source === "http" ? "http" : server }, "use");
    try {
      // Devices are whose assistant they are connected to.
      await (source === "device" ? assistants.checkManaged(staff, server) : assistants.checkVisible(staff, server));
      return true;
    } catch (error) {
      if (error instanceof RequestError) return false;
      throw error;
    }
  };
}

/** Undefined: they may publish it. What they may not use is not there for them. */
export function publishingFault(ports: PublishingFaultPorts): (staff: Staff, tool: PublishedTool) => Promise<string | undefined> {
  const may = mayPublish(ports);
  return async (staff, tool) => {
    const { source, server = "", name } = tool;
    const allowed = await may(staff, tool);
    switch (source) {
      case "http":
        return allowed && (await ports.httpTools.get(name)) !== undefined ? undefined : `There is no HTTP tool "${name}".`;
      case "mcp":
        return allowed && ports.servers.find(server) !== undefined ? undefined : `There is no MCP server "${server}".`;
      case "assistant":
      case "device":
        return allowed ? undefined : `There is no assistant "${server}".`;
    }
  };
}
