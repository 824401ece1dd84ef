import { isOwnServer, OWN_SERVERS } from "../../conversation/ports/tools.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { StaffDirectory, UsableServers } from "./assistant-ports.ts";
import type { Adder, ConnectorRecord, Suspension } from "./connector-record.ts";
import type { Sharing } from "../sharing/sharing.ts";

export interface StandingPorts {
  readonly people: StaffDirectory;
  readonly sharing: Pick<Sharing, "allows">;
  readonly servers: UsableServers;
}

/**
 * Why a connector has no effect now; undefined: it has one. It has an effect as long as whoever added it could add it
 * again. Checked again with every change of people, groups, servers and shares.
 */
export async function suspensionOf(
  connector: ConnectorRecord & { readonly assistant: string },
  ports: StandingPorts,
): Promise<Suspension | undefined> {
  const { assistant, server, addedBy, settings } = connector;
  if (isAssistantsOwn(server)) return undefined;
  const found = await ports.servers.find(server, assistant);
  if (found === undefined) return { reason: "server-gone", message: `The MCP server ${server} no longer exists.` };
  const adder = await staffOf(addedBy, ports.people);
  if (adder === undefined)
    return {
      reason: "person-gone",
      message: `${addedBy.name}, who added it, is disabled or gone. Somebody who may use ${server} can add it again.`,
    };
  return refusalOf(adder, server, settings.connection, ports);
}

/** Why this person may not give a server to an assistant; undefined: they may. */
export async function refusalOf(
  staff: Staff,
  server: string,
  connection: "shared" | "personal",
  { sharing, servers }: StandingPorts,
): Promise<Suspension | undefined> {
  if (isAssistantsOwn(server)) return undefined;
  if (!(await sharing.allows(staff, { kind: "mcp-server", id: server }, "use")))
    return { reason: "share-ended", message: `The MCP server ${server} is not shared with ${staff.name}.` };
  const shared = connection === "shared" ? await servers.sharedConnection(server) : undefined;
  if (shared === undefined || (await sharing.allows(staff, { kind: "connection", id: shared }, "use"))) return undefined;
  return { reason: "connection-share-ended", message: `The shared connection of ${server} is not shared with ${staff.name}.` };
}

async function staffOf({ kind, id, name, roles }: Adder, people: StaffDirectory): Promise<Staff | undefined> {
  return kind === "person" ? people.find(id) : { kind, id, name, roles: roles ?? [], groups: [] };
}

/** What it brings is this assistant's: whoever may change the assistant may give it. */
export function isAssistantsOwn(server: string): boolean {
  return isOwnServer(server) && !OWN_SERVERS[server].isShared;
}
