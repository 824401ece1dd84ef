import { RequestError } from "../../protocol/errors.ts";
import type { CustomerConnection } from "../../protocol/frames.ts";
import type { Assistant } from "../conversation/ports/assistant.ts";
import type { SignIns } from "../conversation/ports/sign-ins.ts";
import { connectionId } from "./connection-record.ts";
import type { ConnectionList } from "./connection-list.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SignInError } from "./sign-in-error.ts";
import type { SignInFlow } from "./sign-in-flow.ts";
import type { SignInTickets } from "./sign-in-tickets.ts";

/** The customers' own sign-ins, in the form that the conversation needs. */
export function createCustomerSignIns(ports: {
  readonly flow: SignInFlow;
  readonly tickets: SignInTickets;
  readonly connections: ConnectionList;
  readonly servers: (key: string) => OAuthServerSettings | undefined;
}): SignIns {
  const { flow, tickets, connections, servers } = ports;
  return {
    async begin({ customerId, assistant, conversationId, requestId, server, scopes }) {
      const settings = servers(server);
      const isPersonal = assistant.connectors.some((connector) => connector.server === server && connector.method === "personal");
      if (settings === undefined || !isPersonal)
        throw new RequestError("sign-in-unavailable", { detail: "This service is no longer offered here." });
      try {
        const started = await flow.start({ settings, owner: { kind: "customer", id: customerId }, scopes });
        return await tickets.issue(
          settings,
          started,
          { kind: "customer", customerId, conversationId, requestId },
          assistant.allowedOrigins,
        );
      } catch (error) {
        if (error instanceof SignInError) throw new RequestError("sign-in-unavailable", { detail: error.message });
        throw error;
      }
    },
    wasDeclined: (request) => tickets.wasDeclined({ kind: "customer", ...request }),
    async list(customerId, assistant) {
      const personal = assistant.connectors.filter(({ method }) => method === "personal");
      const found = await Promise.all(personal.map(({ server }) => find(customerId, server)));
      return found.filter((one) => one !== undefined);
    },
    async remove(customerId, id) {
      const connection = await connections.find(id);
      if (connection?.owner.kind !== "customer" || connection.owner.id !== customerId) throw new RequestError("unknown-connection");
      await connections.remove(id, { kind: "system", id: `customer/${customerId}`, name: "A customer" });
    },
  };

  async function find(customerId: string, server: Assistant["connectors"][number]["server"]): Promise<CustomerConnection | undefined> {
    const connection = await connections.find(connectionId(server, { kind: "customer", id: customerId }));
    if (connection === undefined) return undefined;
    const { id, connectedAt, status } = connection;
    return { connectionId: id, server, serverName: servers(server)?.name ?? server, connectedAt, status };
  }
}
