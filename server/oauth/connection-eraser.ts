import { connectionId, SYSTEM } from "./connection-record.ts";
import type { ConnectionList, ConnectionView } from "./connection-list.ts";

export interface ConnectionEraserPorts {
  /** The identifiers of all MCP servers that there are. */
  readonly servers: () => readonly string[];
  readonly list: () => Promise<Pick<ConnectionList, "find" | "remove">>;
}

/** A customer's own sign-ins, to hand out and to erase: the tokens are revoked where their server lets them be. */
export function connectionEraser({ servers, list }: ConnectionEraserPorts) {
  const found = async (customerId: string): Promise<ConnectionView[]> => {
    const connections = await list();
    const views: ConnectionView[] = [];
    for (const server of servers()) {
      const view = await connections.find(connectionId(server, { kind: "customer", id: customerId }));
      if (view !== undefined) views.push(view);
    }
    return views;
  };
  return {
    what: "connections",
    knows: async (customerId: string) => (await found(customerId)).length > 0,
    async erase(customerId: string): Promise<number> {
      const own = await found(customerId);
      for (const { id } of own) await (await list()).remove(id, SYSTEM);
      return own.length;
    },
    list: async (customerId: string) => {
      const own = await found(customerId);
      return own.length === 0
        ? undefined
        : own.map(({ server, status, scopes, connectedAt, lastUsedAt }) => ({ server, status, scopes, connectedAt, lastUsedAt }));
    },
  };
}
