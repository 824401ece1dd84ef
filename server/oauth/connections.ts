import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { SignIns } from "../conversation/ports/sign-ins.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { AuditActor, DocumentStore } from "../documents/ports.ts";
import type { Authorizations } from "../tools/mcp/servers/ports.ts";
import { OAuthAuthorizations } from "./authorizations.ts";
import type { Appearance } from "./client-metadata.ts";
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
  /** The guarded fetch: every address here comes from a server's metadata. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** How browsers reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
  /** The address of our Client ID Metadata Document. Absent: on this server, if others can reach it. */
  readonly clientIdUrl?: string;
  /** How this installation is shown at other services. Absent: by its host. */
  readonly appearance?: Appearance;
  /** Undefined: there is no such server, or it does not use OAuth. */
  readonly servers: (key: string) => OAuthServerSettings | undefined;
  /** Called when a customer has finished a sign-in that a conversation waits for. */
  readonly onConnected: (connected: Connected) => void | Promise<void>;
  /** Called when a staff member has made a server's shared sign-in. */
  readonly onShared?: (server: string, by: AuditActor) => void;
  /**
   * Whether staff who started a shared sign-in may still connect it at its end: in ten minutes they may have lost their
   * role.
   */
  readonly mayConnect: (by: AuditActor) => Promise<boolean>;
}

export interface Connections {
  /** For the MCP host: tokens for requests. */
  readonly authorizations: Authorizations;
  /** For the desk: the customers' own sign-ins. */
  readonly signIns: SignIns;
  /** For the API: an admin's shared sign-ins. */
  readonly shared: SharedConnections;
  /** For the API: reads and ends connections. */
  readonly list: ConnectionList;
  /** For the pages at `/connect/…` and `/oauth/callback`. */
  readonly tickets: SignInTickets;
  /** The grant itself, without the browser's part. */
  readonly flow: SignInFlow;
}

/**
 * Stored sign-ins at MCP servers, made with OAuth 2.1 as MCP requires. Sends nothing before a token is needed or a
 * sign-in starts.
 */
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
    ...(ports.appearance === undefined ? {} : { appearance: ports.appearance }),
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
