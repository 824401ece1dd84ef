import { connectorOf } from "../../configuration/assistant-of.ts";
import { permissionOf, type Connector } from "../../conversation/ports/assistant.ts";
import type { ConnectorDetail, ConnectorView, Suspension } from "./connector-record.ts";
import { type StandingPorts, suspensionOf } from "./connector-standing.ts";
import type { StoredConnector } from "./stored-connectors.ts";

export interface ConnectorOf {
  /** The assistant's key. */
  readonly assistant: string;
  readonly connector: Connector;
}

/** A connector as its assistant's page shows it, with its server's present state. */
export async function connectorView(
  { servers }: StandingPorts,
  { assistant, connector }: ConnectorOf,
  suspended?: Suspension,
): Promise<ConnectorView> {
  const server = await servers.find(connector.server, assistant);
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
  const { assistant, server, settings } = stored;
  const shown = await connectorView(ports, { assistant, connector: connectorOf(server, settings) }, await suspensionOf(stored, ports));
  return { ...shown, addedBy };
}

/** With what applies to each tool. */
export async function withTools(
  { servers }: StandingPorts,
  shown: ConnectorView,
  { assistant, connector }: ConnectorOf,
): Promise<ConnectorDetail> {
  const tools = await servers.tools(connector.server, assistant);
  const only = { connectors: [connector] };
  return { ...shown, tools: tools.map((tool) => ({ ...tool, ...permissionOf(only, connector.server, tool.name) })) };
}
