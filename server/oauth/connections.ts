import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { SignIns } from "../conversation/ports/sign-ins.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { AuditActor, DocumentStore } from "../documents/ports.ts";
import type { Authorizations } from "../tools/mcp/servers/ports.ts";
import { OAuthAuthorizations } from "./authorizations.ts";
import { createClientRegistration } from "./client-registration.ts";
import { ConnectionList } from "./connection-list.ts";
import { createCustomerSignIns } from "./customer-sign-ins.ts";
import { createDiscovery } from "./discovery.ts";
import type { Fetch } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SharedConnections } from "./shared-connections.ts";
import { SignInFlow } from "./sign-in-flow.ts";
import { type Connected, SignInTickets } from "./sign-in-tickets.ts";
import { TokenRefresh } from "./token-refresh.ts";

export interface ConnectionsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  /** The guarded one: every address here comes from a server's metadata. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** How browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Where our Client ID Metadata Document is. Absent: on this server, where others can reach it. */
  readonly clientIdUrl?: string;
  /** Undefined: no such server, or it is not signed in to with OAuth. */
  readonly servers: (key: string) => OAuthServerSettings | undefined;
  /** A customer's sign-in that a conversation waits for is done. */
  readonly onConnected: (connected: Connected) => void | Promise<void>;
  /** A server's shared sign-in was made, by whom. */
  readonly onShared?: (server: string, by: AuditActor) => void;
  /** Whether staff who began a shared sign-in may still connect it at its end: ten minutes are long enough to lose a role. */
  readonly mayConnect: (by: AuditActor) => Promise<boolean>;
}

export interface Connections {
  /** For the MCP host: tokens for requests. */
  readonly authorizations: Authorizations;
  /** For the desk: the customers' own. */
  readonly signIns: SignIns;
  /** For the API: an admin's. */
  readonly shared: SharedConnections;
  /** For the API: reading and ending. */
  readonly list: ConnectionList;
  /** For the pages at `/connect/…` and `/oauth/callback`. */
  readonly tickets: SignInTickets;
  /** The grant itself, without a browser before it. */
  readonly flow: SignInFlow;
}

/** Stored sign-ins at MCP servers, made with OAuth 2.1 as MCP asks for it. Nothing is requested before somebody asks for a token or begins a sign-in. */
export function createConnections(ports: ConnectionsPorts): Connections {
  const { documents, box, fetch, clock, log, publicUrl, servers, onConnected, mayConnect, onShared = () => undefined } = ports;
  const discovery = createDiscovery({ fetch, clock });
  const registration = createClientRegistration({
    documents,
    box,
    fetch,
    clock,
    publicUrl,
    ...(ports.clientIdUrl === undefined ? {} : { clientIdUrl: ports.clientIdUrl }),
  });
  const refresh = new TokenRefresh({ documents, box, clock, log, fetch, discovery, registration });
  const authorizations = new OAuthAuthorizations({ documents, box, clock, log, discovery, refresh, servers });
  const onChanged = (id: string): void => authorizations.forget(id);
  const flow = new SignInFlow({ documents, box, fetch, clock, log, discovery, registration, onChanged });
  const tickets = new SignInTickets({ documents, box, clock, log, flow, servers, publicUrl, onConnected, onShared, mayConnect });
  const list = new ConnectionList({ documents, box, fetch, clock, log, discovery, onChanged });
  const shared = new SharedConnections({ flow, tickets, servers, onShared });
  return { authorizations, signIns: createCustomerSignIns({ flow, tickets, connections: list, servers }), shared, list, tickets, flow };
}
