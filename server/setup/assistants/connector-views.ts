import { connectorOf } from "../../configuration/assistant-of.ts";
import { permissionOf, type Connector } from "../../conversation/ports/assistant.ts";
import type { ConnectorDetail, ConnectorView, Suspension } from "./connector-record.ts";
import { type StandingPorts, suspensionOf } from "./connector-standing.ts";
import type { StoredConnector } from "./stored-connectors.ts";

/** A connector as its assistant's page shows it, with its server's present state. */
export async function connectorView({ servers }: StandingPorts, connector: Connector, suspended?: Suspension): Promise<ConnectorView> {
  const server = await servers.find(connector.server);
  return {
    server: connector.server,
    serverName: server?.name ?? connector.server,
    connection: connector.method ?? "shared",
    permissions: { ...connector.permissions },
    ...(connector.bind === undefined ? {} : { bind: { ...connector.bind } }),
    ...(suspended === undefined ? {} : { suspended }),
    status: server?.status ?? { status: "disconnected", reason: "server-not-found", detail: "This server no longer exists." },
    toolCount: server?.toolCount ?? 0,
  };
}

export async function storedConnectorView(ports: StandingPorts, stored: StoredConnector): Promise<ConnectorView> {
  const { roles: _roles, ...addedBy } = stored.addedBy;
  return { ...(await connectorView(ports, connectorOf(stored.server, stored.settings), await suspensionOf(stored, ports))), addedBy };
}

/** With what applies to each tool. */
export async function withTools({ servers }: StandingPorts, shown: ConnectorView, connector: Connector): Promise<ConnectorDetail> {
  const tools = await servers.tools(connector.server);
  const assistant = { connectors: [connector] };
  return { ...shown, tools: tools.map((tool) => ({ ...tool, ...permissionOf(assistant, connector.server, tool.name) })) };
}
