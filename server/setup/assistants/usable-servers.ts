import { isOwnServer, OWN_SERVERS, type OwnServer } from "../../conversation/ports/tools.ts";
import type { UsableServer, UsableServers, UsableTool } from "./assistant-ports.ts";
import { pinnedTool } from "./pinned-tool.ts";
import type { RegisteredServers } from "../mcp-servers/server-directory.ts";
import type { ServerStatuses } from "../mcp-servers/server-status.ts";
import { authKindOf } from "../../tools/mcp/servers/settings.ts";
import type { ToolPins } from "../mcp-servers/tool-pins.ts";

/** One of our own servers, as an assistant has it. */
export interface OwnServerTools {
  usableTools(assistant: string): Promise<readonly UsableTool[]> | readonly UsableTool[];
  /** Absent: always connected. */
  readonly status?: (assistant: string) => UsableServer["status"];
}

export interface UsableServersPorts {
  readonly directory: Pick<RegisteredServers, "get">;
  readonly statuses: Pick<ServerStatuses, "of">;
  readonly pins: Pick<ToolPins, "of" | "proposed">;
  /** The tools of our own servers, by the server's key. */
  readonly ownTools: Readonly<Record<OwnServer, OwnServerTools>>;
  readonly sharedConnection: UsableServers["sharedConnection"];
}

/** All servers that an assistant may have, of every kind. */
export function usableServers({ directory, statuses, pins, ownTools, sharedConnection }: UsableServersPorts): UsableServers {
  return {
    find: async (key, assistant) => {
      if (isOwnServer(key)) return ownServer(key, ownTools[key], assistant);
      const found = directory.get(key);
      if (found === undefined) return undefined;
      const { status, toolCount, reason, detail, adviceCode, signIn, since } = statuses.of(key);
      return {
        name: found.source === "file" ? found.entry.settings.name : found.record.name,
        auth: found.source === "file" ? authKindOf(found.entry.settings) : found.record.auth.kind,
        status: {
          status,
          ...(adviceCode === undefined ? {} : { adviceCode }),
          ...(reason === undefined ? {} : { reason }),
          ...(detail === undefined ? {} : { detail }),
          ...(signIn === undefined ? {} : { signIn }),
          ...(since === 0 ? {} : { since }),
        },
        toolCount: toolCount ?? [...pins.of(key).values()].filter((pin) => pin.enabled && !pin.gone).length,
      };
    },
    tools: async (key, assistant) => {
      if (isOwnServer(key)) return ownTools[key].usableTools(assistant);
      const pinned = pins.of(key);
      // Of these only the name is known to be nobody's own.
      const proposed = [...pins.proposed(key)].filter(([name, { enabled }]) => !pinned.has(name) && enabled !== false);
      const others = proposed.map(([name]): UsableTool => ({ name, readOnly: false, state: "proposed" }));
      return [...pinned]
        .filter(([, pin]) => pin.enabled && !pin.gone)
        .map(([name, pin]) => pinnedTool(name, pin, "changed"))
        .concat(others)
        .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    },
    sharedConnection,
  };
}

async function ownServer(key: OwnServer, own: OwnServerTools, assistant: string): Promise<UsableServer> {
  const toolCount = (await own.usableTools(assistant)).length;
  return { name: OWN_SERVERS[key].name, auth: "none", status: own.status?.(assistant) ?? { status: "connected" }, toolCount };
}
