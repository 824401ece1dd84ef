import type { Clock, Log } from "../conversation/ports.ts";
import type { SecretBox } from "../guard/secret-box.ts";
import type { McpServerSettings } from "../tools/settings.ts";
import type { DocumentStore } from "./ports.ts";
import type { Prober } from "./prober.ts";
import { ServerAccess, type ServerSharing } from "./server-access.ts";
import { ServerChecks } from "./server-checks.ts";
import { RegisteredServers } from "./server-directory.ts";
import { ServerStatuses } from "./server-status.ts";
import { ServerTools } from "./server-tools.ts";
import { ServerTransfer } from "./server-transfer.ts";
import { Servers } from "./servers.ts";
import { ToolPins } from "./tool-pins.ts";

export interface ServerRegistryPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly box: SecretBox;
  readonly prober: Prober;
  /** What the configuration file declares. */
  readonly fileServers: readonly McpServerSettings[];
  readonly sharing: ServerSharing & { reload(): Promise<void> };
  /** The keys of the assistants that have a server. */
  readonly usedBy: (key: string) => Promise<readonly string[]> | readonly string[];
  /** Ends every connection (credential) of a server that moves or is deleted, before its next address is used. */
  readonly endConnections: (key: string) => Promise<void>;
}

export interface ServerRegistry {
  readonly directory: RegisteredServers;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  readonly servers: Servers;
  readonly tools: ServerTools;
  readonly transfer: ServerTransfer;
  readonly checks: ServerChecks;
  /** Ends the checks, and waits for what is still being written. */
  close(): Promise<void>;
}

/** Joins what there is about MCP servers, and reads what is kept. The checks begin with `checks.start()`. */
export async function openServerRegistry(ports: ServerRegistryPorts): Promise<ServerRegistry> {
  const pins = new ToolPins(ports);
  const statuses = new ServerStatuses(ports);
  const directory = new RegisteredServers({ ...ports, pins, statuses });
  const access = new ServerAccess(directory, ports.sharing);
  const sharesEnded = (): Promise<void> => ports.sharing.reload();
  const servers = new Servers({ ...ports, directory, access, pins, statuses, sharesEnded });
  const tools = new ServerTools({ ...ports, access, servers, pins });
  const transfer = new ServerTransfer({ servers, directory, access });
  const checks = new ServerChecks({ ...ports, directory, pins, statuses });
  await directory.load();
  return {
    directory,
    pins,
    statuses,
    servers,
    tools,
    transfer,
    checks,
    close: async () => {
      await checks.close();
      await Promise.all([pins.settled(), statuses.settled()]);
    },
  };
}
