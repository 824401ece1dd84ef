import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import { DocumentConflictError, type DocumentStore } from "../documents/ports.ts";
import { type Connection, type ConnectionSecrets, connectionOf, keepConnection, openSecrets, sealSecrets } from "./connection-record.ts";
import type { ClientRegistration } from "./client-registration.ts";
import type { Discovery } from "./discovery.ts";
import type { Fetch } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { revokeTokens } from "./revoke-tokens.ts";
import { SignInError } from "./sign-in-error.ts";
import { changeConnection } from "./change-connection.ts";
import { requestRenewal } from "./request-renewal.ts";
import { unlessAborted } from "../foundation/unless-aborted.ts";
import type { Tokens } from "./token-endpoint.ts";

export interface TokenRefreshPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: Fetch;
  readonly discovery: Discovery;
  readonly registration: ClientRegistration;
}

export interface RenewedToken {
  readonly accessToken: string;
  readonly endsAt: number | undefined;
}

/** Longer than a token request may take: the holder of a lease has finished before it ends, unless the process died. */
const LEASE_MS = 30_000;
const LOOK_AGAIN_MS = 100;
/** After a temporary failure, the authorization server is left alone for this long. */
const REST_MS = 5_000;
/** A limit that does not depend on the clock, so that nobody waits for others for ever. */
const LOOKS = 600;

/**
 * Renews the tokens of a connection, once, however many callers and processes ask. Whoever first writes the lease into
 * the connection's document renews; the others read the document until that is done. A refresh token is sent a second
 * time only if the holder of the lease never recorded how the renewal ended. A server that rotates refresh tokens then
 * refuses it, and the sign-in counts as expired.
 */
export class TokenRefresh {
  readonly #ports: TokenRefreshPorts;
  readonly #running = new Map<string, Promise<RenewedToken | undefined>>();
  readonly #resting = new Map<string, { readonly error: SignInError; readonly until: number }>();

  constructor(ports: TokenRefreshPorts) {
    this.#ports = ports;
  }

  /**
   * A token other than `old`; undefined: the sign-in is over. Throws `SignInError`. A caller that stops waiting does
   * not stop the renewal.
   */
  async renew(settings: OAuthServerSettings, id: string, old: string, signal?: AbortSignal): Promise<RenewedToken | undefined> {
    const resting = this.#resting.get(id);
    if (resting !== undefined && resting.until > this.#ports.clock.now()) throw resting.error;
    this.#resting.delete(id);
    let work = this.#running.get(id);
    if (work === undefined) {
      work = this.#renew(settings, id, old).finally(() => this.#running.delete(id));
      work.catch(() => undefined);
      this.#running.set(id, work);
    }
    return signal === undefined ? work : unlessAborted(work, signal);
  }

  /** Marks the sign-in as over and deletes what was kept of it, except its owner and server. */
  async expire(connection: Connection): Promise<void> {
    const { box, log } = this.#ports;
    const { id, record } = connection;
    const secrets = sealSecrets(box, id, NO_SECRETS);
    const expired = await changeConnection(
      this.#ports,
      connection,
      ({ lease: _lease, accessEndsAt: _end, ...rest }) => ({ ...rest, status: "expired", secrets }),
      "connection.expire",
    );
    if (expired) log.info({ server: record.server, connection: id }, "A sign-in at an MCP server has ended.");
  }

  async #renew(settings: OAuthServerSettings, id: string, old: string): Promise<RenewedToken | undefined> {
    const { documents, box, clock } = this.#ports;
    for (let look = 0; look < LOOKS; look += 1) {
      const now = clock.now();
      const document = await documents.get("connection", id, now);
      if (document === undefined) return undefined;
      const connection = connectionOf(document);
      const { record } = connection;
      if (record.status === "expired") return undefined;
      const { accessToken } = openSecrets(box, connection);
      if (accessToken !== old) return { accessToken, endsAt: record.accessEndsAt };
      if (record.lease !== undefined && record.lease.until > now) {
        await new Promise<void>((resolve) => void clock.after(LOOK_AGAIN_MS, resolve));
        continue;
      }
      const claimed = await this.#claim(connection);
      if (claimed !== undefined) return this.#request(settings, claimed);
    }
    throw new SignInError(
      "unreachable",
      `The sign-in at ${settings.name} is being renewed by another process, which has not finished. Try again later.`,
    );
  }

  /** Undefined: another process was quicker. */
  async #claim(connection: Connection): Promise<Connection | undefined> {
    const { documents, clock } = this.#ports;
    const record = { ...connection.record, lease: { holder: clock.id(), until: clock.now() + LEASE_MS } };
    try {
      await documents.write([keepConnection(connection.id, record, connection.version)], { at: clock.now() });
      return { id: connection.id, version: connection.version + 1, record };
    } catch (error) {
      if (error instanceof DocumentConflictError) return undefined;
      throw error;
    }
  }

  async #request(settings: OAuthServerSettings, claimed: Connection): Promise<RenewedToken | undefined> {
    const { clock } = this.#ports;
    let tokens: Tokens;
    try {
      tokens = await requestRenewal(this.#ports, claimed);
    } catch (error) {
      if (error instanceof SignInError && error.fault === "refused") {
        // invalid_grant, or an unknown client: only a person can sign in again.
        if (error.code === "invalid_client" || error.code === "unauthorized_client") {
          const { clientId } = openSecrets(this.#ports.box, claimed);
          await this.#ports.registration.forget(settings, claimed.record.issuer, clientId);
        }
        await this.expire(claimed);
        return undefined;
      }
      await changeConnection(this.#ports, claimed, ({ lease: _lease, ...rest }) => rest);
      const known =
        error instanceof SignInError
          ? error
          : new SignInError("unreachable", `The sign-in at ${settings.name} could not be renewed. Try again later.`, { cause: error });
      this.#resting.set(claimed.id, { error: known, until: clock.now() + REST_MS });
      throw known;
    }
    return this.#keep(claimed, tokens);
  }

  async #keep(claimed: Connection, tokens: Tokens): Promise<RenewedToken | undefined> {
    const { documents, box, clock } = this.#ports;
    const now = clock.now();
    const { id } = claimed;
    const before = openSecrets(box, claimed);
    const { accessToken, refreshToken = before.refreshToken, expiresInMs, scopes } = tokens;
    const accessEndsAt = expiresInMs === undefined ? undefined : now + expiresInMs;
    const secrets = sealSecrets(box, id, { ...before, accessToken, ...(refreshToken === undefined ? {} : { refreshToken }) });
    const kept = await changeConnection(this.#ports, claimed, ({ lease: _lease, accessEndsAt: _end, ...rest }) => ({
      ...rest,
      secrets,
      scopes: [...(scopes ?? rest.scopes)],
      issuedAt: now,
      lastUsedAt: now,
      ...(accessEndsAt === undefined ? {} : { accessEndsAt }),
    }));
    if (kept) return { accessToken, endsAt: accessEndsAt };
    // The connection was ended or made anew during the request, so these tokens belong to nothing.
    const document = await documents.get("connection", id, now);
    if (document === undefined) {
      await this.#revoke(claimed, { ...before, accessToken, ...(refreshToken === undefined ? {} : { refreshToken }) });
      return undefined;
    }
    const found = connectionOf(document);
    if (found.record.status === "expired") return undefined;
    return { accessToken: openSecrets(box, found).accessToken, endsAt: found.record.accessEndsAt };
  }

  /**
   * Whoever ended the sign-in could only revoke the earlier tokens. These came later, and nothing else would ever
   * revoke them.
   */
  async #revoke({ record }: Connection, secrets: ConnectionSecrets): Promise<void> {
    try {
      await revokeTokens(this.#ports, record.issuer, secrets);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      this.#ports.log.warn(
        { server: record.server, cause: error.message },
        "A sign-in was ended during its renewal, and its authorization server could not be asked to revoke the new tokens.",
      );
    }
  }
}

const NO_SECRETS = { accessToken: "", clientId: "" };
