import { RequestError } from "../../protocol/errors.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { SecretBoxError, type SecretBox } from "../guard/secrets/secret-box.ts";
import type { AuditActor, DocumentStore } from "../documents/ports.ts";
import type { ConnectionOwner } from "../tools/mcp/servers/ports.ts";
import { auditView, type Connection, connectionId, connectionOf, openSecrets } from "./connection-record.ts";
import type { Discovery } from "./discovery.ts";
import type { Fetch } from "./oauth-http.ts";
import { revokeTokens } from "./revoke-tokens.ts";
import { SignInError } from "./sign-in-error.ts";

/**
 * A connection as people see it: its owner, its server and since when, and never a token. Times are milliseconds since
 * 1970.
 */
export interface ConnectionView {
  readonly id: string;
  readonly version: number;
  readonly server: string;
  readonly owner: ConnectionOwner;
  readonly grant: "authorization_code" | "client_credentials";
  readonly status: "connected" | "expired";
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly connectedAt: number;
  readonly lastUsedAt: number;
  readonly tokenEndsAt?: number;
  readonly connectedBy?: AuditActor;
}

export interface ConnectionListPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly discovery: Discovery;
  readonly onChanged: (connectionId: string) => void;
}

/** How many connections of a server one write deletes. */
const REMOVED_AT_ONCE = 500;

/** Reads and ends connections. The caller checks who may. */
export class ConnectionList {
  readonly #ports: ConnectionListPorts;
  constructor(ports: ConnectionListPorts) {
    this.#ports = ports;
  }

  async find(id: string): Promise<ConnectionView | undefined> {
    const { documents, clock } = this.#ports;
    const document = await documents.get("connection", id, clock.now());
    return document === undefined ? undefined : viewOf(connectionOf(document));
  }

  /**
   * The shared connections of these servers that `allowed` lets through, ascending by id, after `after`. Reads no other
   * connections.
   */
  async listShared(
    servers: readonly string[],
    options: { readonly allowed: (id: string) => Promise<boolean>; readonly after?: string; readonly limit: number },
  ): Promise<readonly ConnectionView[]> {
    const { allowed, after = "", limit } = options;
    const ids = servers.map((server) => connectionId(server, { kind: "shared" }));
    const found: ConnectionView[] = [];
    // The order in which SQLite sorts them: ids are ASCII.
    for (const id of ids.toSorted((left, right) => (left < right ? -1 : 1))) {
      if (found.length === limit) break;
      const one = id > after && (await allowed(id)) ? await this.find(id) : undefined;
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  /** Ascending by id, after `after`. */
  async list(options: { readonly server?: string; readonly after?: string; readonly limit: number }): Promise<readonly ConnectionView[]> {
    const { documents, clock } = this.#ports;
    const { server, after, limit } = options;
    const found = await documents.list("connection", {
      ...(server === undefined ? {} : { parent: server }),
      ...(after === undefined ? {} : { after }),
      limit,
      now: clock.now(),
    });
    return found.map((document) => viewOf(connectionOf(document)));
  }

  /**
   * Deletes a connection, then asks the authorization server to revoke its tokens, if it supports that. Throws
   * `RequestError` `unknown-connection`.
   */
  async remove(id: string, by: AuditActor): Promise<void> {
    const { documents, clock } = this.#ports;
    const document = await documents.get("connection", id, clock.now());
    if (document === undefined) throw new RequestError("unknown-connection");
    const connection = connectionOf(document);
    await this.#forget([connection], by);
    await this.#revoke(connection);
  }

  /**
   * Deletes every connection of a server. The tokens are revoked in the background: thousands of customers must not
   * keep an admin waiting.
   */
  async removeAll(server: string, by: AuditActor): Promise<void> {
    const { documents, clock, log } = this.#ports;
    for (;;) {
      const page = await documents.list("connection", { parent: server, limit: REMOVED_AT_ONCE, now: clock.now() });
      const connections = page.map(connectionOf);
      if (connections.length === 0) return;
      await this.#forget(connections, by);
      void this.#revokeEach(connections).catch((error: unknown) =>
        log.error(
          { server, error: String(error) },
          "Sign-ins were deleted here, but their authorization server could not be asked to revoke the tokens.",
        ),
      );
    }
  }

  async #forget(connections: readonly Connection[], by: AuditActor): Promise<void> {
    const { documents, clock, onChanged } = this.#ports;
    await documents.write(
      connections.flatMap(({ id }) => [
        { do: "delete", kind: "connection", id } as const,
        { do: "delete-children", kind: "share", parent: `connection/${id}` } as const,
      ]),
      {
        at: clock.now(),
        audit: connections.map(({ id, record }) => ({
          by,
          action: "connection.remove",
          target: { kind: "connection", id },
          before: auditView(record),
        })),
      },
    );
    for (const { id } of connections) onChanged(id);
  }

  /** One after the other, so that the requests do not look like an attack. */
  async #revokeEach(connections: readonly Connection[]): Promise<void> {
    for (const connection of connections) await this.#revoke(connection);
  }

  async #revoke(connection: Connection): Promise<void> {
    const { box, discovery, fetch, log } = this.#ports;
    const { record } = connection;
    if (record.status === "expired") return;
    try {
      await revokeTokens({ fetch, discovery }, record.issuer, openSecrets(box, connection));
    } catch (error) {
      if (!(error instanceof SignInError || error instanceof SecretBoxError)) throw error;
      log.warn(
        { server: record.server, cause: error.message },
        "A sign-in was deleted here, but its authorization server could not be asked to revoke the tokens.",
      );
    }
  }
}

function viewOf({ id, version, record }: Connection): ConnectionView {
  const { server, owner, grant, status, issuer, scopes, connectedAt, lastUsedAt, accessEndsAt, connectedBy } = record;
  return {
    id,
    version,
    server,
    owner,
    grant,
    status,
    issuer,
    scopes,
    connectedAt,
    lastUsedAt,
    ...(accessEndsAt === undefined ? {} : { tokenEndsAt: accessEndsAt }),
    ...(connectedBy === undefined ? {} : { connectedBy }),
  };
}
