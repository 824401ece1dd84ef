import type { Clock } from "../foundation/clock.ts";
import type { ConnectionNeed } from "../conversation/ports/tools.ts";
import type { Log } from "../foundation/log.ts";
import { SecretBoxError, type SecretBox } from "../guard/secrets/secret-box.ts";
import { DocumentConflictError, type DocumentStore } from "../documents/ports.ts";
import type { Authorizations, ConnectionOwner } from "../tools/mcp/servers/ports.ts";
import { joinScopes, readChallenge } from "./challenge.ts";
import { type Connection, connectionId, connectionOf, keepConnection, openSecrets } from "./connection-record.ts";
import type { Discovery } from "./discovery.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { resourceCovers } from "./resource.ts";
import { SignInError } from "./sign-in-error.ts";
import type { TokenRefresh } from "./token-refresh.ts";

export interface AuthorizationsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly discovery: Discovery;
  readonly refresh: TokenRefresh;
  readonly servers: (key: string) => OAuthServerSettings | undefined;
}

type Answer = { readonly token: string } | { readonly need: ConnectionNeed };

/** Tokens are renewed this long before they end. */
const SPARE_MS = 60_000;
/**
 * How long a token in memory is used without reading the database, where another process may have ended the connection.
 */
const CACHED_MS = 2_000;
const CACHED_TOKENS = 10_000;
/** `lastUsedAt` is written once a day. */
const USED_MS = 24 * 3_600_000;
/** A server that refuses a token younger than this does not do so because of its age. */
const YOUNG_MS = 30_000;
/** How often a person is asked for more scopes of one server within `STEP_UP_MS`. */
const STEP_UPS = 3;
const STEP_UP_MS = 3_600_000;

/**
 * Tokens for requests, each for its own server and owner only. Besides what the port says, a promise rejects with
 * `SignInError` if no answer is possible: the authorization server cannot be reached, or a server keeps asking for
 * scopes that it was given. Nothing was sent to the MCP server then.
 */
export class OAuthAuthorizations implements Authorizations {
  readonly #ports: AuthorizationsPorts;
  readonly #cache = new Map<string, { readonly token: string; readonly endsAt: number; readonly url: string; readonly readAt: number }>();

  constructor(ports: AuthorizationsPorts) {
    this.#ports = ports;
  }

  async token(server: string, owner: ConnectionOwner, signal?: AbortSignal): Promise<Answer> {
    const settings = this.#settings(server);
    const id = connectionId(server, owner);
    const cached = this.#cached(id, settings.url);
    if (cached !== undefined) return { token: cached };
    return this.#current(settings, id, undefined, signal);
  }

  async refused(
    server: string,
    owner: ConnectionOwner,
    refusal: { readonly status: 401 | 403; readonly challenge: string | undefined; readonly token: string },
    signal?: AbortSignal,
  ): Promise<Answer> {
    const settings = this.#settings(server);
    const id = connectionId(server, owner);
    this.#cache.delete(id);
    const challenge = readChallenge(refusal.challenge);
    this.#ports.discovery.remember(settings, challenge);
    if (refusal.status === 401) return this.#current(settings, id, refusal.token, signal);
    if (challenge.error !== "insufficient_scope") {
      throw new SignInError("refused", `${settings.name} does not allow this for the account that is signed in.`);
    }
    return this.#moreScopes(settings, id, refusal.token, challenge.scopes ?? []);
  }

  /** Drops a connection from memory, because it was made anew or ended. */
  forget(id: string): void {
    this.#cache.delete(id);
  }

  /** The token that is valid now. `refused` is one that certainly is not. */
  async #current(settings: OAuthServerSettings, id: string, refused: string | undefined, signal?: AbortSignal): Promise<Answer> {
    const connection = await this.#find(id);
    if (connection === undefined) return { need: await this.#need(settings, "first", []) };
    const secrets = this.#secretsFor(settings, connection);
    if (secrets === undefined) return this.#expired(settings, connection);
    const now = this.#ports.clock.now();
    const isRefused = refused !== undefined && secrets.accessToken === refused;
    const endsAt = connection.record.accessEndsAt ?? Infinity;
    if (!isRefused && endsAt - SPARE_MS > now) {
      await this.#used(connection);
      return this.#keep(id, settings, secrets.accessToken, endsAt);
    }
    const renewable = secrets.refreshToken !== undefined || connection.record.grant === "client_credentials";
    if (renewable && !(isRefused && isYoung(connection, now))) {
      return this.#renewed(settings, connection, { token: secrets.accessToken, isValid: !isRefused && endsAt > now }, signal);
    }
    if (!isRefused && endsAt > now) return { token: secrets.accessToken };
    await this.#ports.refresh.expire(connection);
    return this.#expired(settings, connection);
  }

  /** A new token in place of `old`, which serves once more if the provider cannot be reached and it is still valid. */
  async #renewed(
    settings: OAuthServerSettings,
    connection: Connection,
    old: { readonly token: string; readonly isValid: boolean },
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    try {
      const renewed = await this.#ports.refresh.renew(settings, connection.id, old.token, signal);
      if (renewed !== undefined) return this.#keep(connection.id, settings, renewed.accessToken, renewed.endsAt ?? Infinity);
    } catch (error) {
      if (!(error instanceof SignInError) || !old.isValid) throw error;
      this.#ports.log.warn({ server: settings.key, cause: error.message }, "A sign-in could not be renewed yet.");
      return { token: old.token };
    }
    return this.#expired(settings, connection);
  }

  /** Undefined if the connection is over: it expired, was made for another address, or its secrets cannot be opened. */
  #secretsFor(settings: OAuthServerSettings, connection: Connection): ReturnType<typeof openSecrets> | undefined {
    const { record } = connection;
    // After the server's address changed, tokens that were given for another resource are not sent to it.
    if (record.status === "expired" || !resourceCovers(record.resource, settings.url)) return undefined;
    try {
      return openSecrets(this.#ports.box, connection);
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      this.#ports.log.error({ server: settings.key, place: error.place, reason: error.reason }, error.message);
      return undefined;
    }
  }

  async #expired(settings: OAuthServerSettings, { record }: Connection): Promise<Answer> {
    return { need: await this.#need(settings, "expired", record.requested) };
  }

  /**
   * A person has to allow more. A server that asks again for scopes that it was given does not get to ask a person for
   * ever.
   */
  async #moreScopes(settings: OAuthServerSettings, id: string, refused: string, wanted: readonly string[]): Promise<Answer> {
    const { clock, documents, box } = this.#ports;
    const connection = await this.#find(id);
    if (connection === undefined) return { need: await this.#need(settings, "first", wanted) };
    const { record } = connection;
    // Another tab may have allowed more in the meantime.
    if (record.status === "connected" && openSecrets(box, connection).accessToken !== refused) return this.#current(settings, id, refused);
    const all = joinScopes(record.requested, record.scopes, wanted);
    const now = clock.now();
    const recent = record.stepUps.filter((at) => at > now - STEP_UP_MS);
    const isNew = wanted.some((scope) => !record.requested.includes(scope));
    if (!isNew || recent.length >= STEP_UPS) {
      throw new SignInError(
        "refused",
        `${settings.name} still says that the sign-in does not allow enough, although every scope it named was requested. Check what this account may do there.`,
      );
    }
    await documents
      .write([keepConnection(id, { ...record, stepUps: [...recent, now] }, connection.version)], { at: now })
      .catch(ignoreConflict);
    return { need: needOf(settings, "scope", all) };
  }

  async #find(id: string): Promise<Connection | undefined> {
    const { documents, clock } = this.#ports;
    const document = await documents.get("connection", id, clock.now());
    return document === undefined ? undefined : connectionOf(document);
  }

  /** Notes the use, so that a sign-in in use does not end after its year. */
  async #used(connection: Connection): Promise<void> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    if (now - connection.record.lastUsedAt < USED_MS) return;
    await documents
      .write([keepConnection(connection.id, { ...connection.record, lastUsedAt: now }, connection.version)], { at: now })
      .catch(ignoreConflict);
  }

  async #need(settings: OAuthServerSettings, reason: ConnectionNeed["reason"], before: readonly string[]): Promise<ConnectionNeed> {
    const wanted = settings.scope?.split(" ") ?? (await this.#ports.discovery.scopesOf(settings));
    return needOf(settings, reason, joinScopes(before, wanted));
  }

  #settings(server: string): OAuthServerSettings {
    const settings = this.#ports.servers(server);
    if (settings === undefined) throw new SignInError("metadata", `The MCP server ${server} does not use OAuth.`);
    return settings;
  }

  #cached(id: string, url: string): string | undefined {
    const entry = this.#cache.get(id);
    const now = this.#ports.clock.now();
    const good = entry !== undefined && entry.url === url && now - entry.readAt < CACHED_MS && entry.endsAt - SPARE_MS > now;
    return good ? entry.token : undefined;
  }

  #keep(id: string, settings: OAuthServerSettings, token: string, endsAt: number): Answer {
    this.#cache.delete(id);
    this.#cache.set(id, { token, endsAt, url: settings.url, readAt: this.#ports.clock.now() });
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > CACHED_TOKENS && oldest !== undefined) this.#cache.delete(oldest);
    return { token };
  }
}

/** Renewed so recently that a server that refuses it does not do so because of its age. */
function isYoung({ record }: Connection, now: number): boolean {
  return now - record.issuedAt < YOUNG_MS && record.issuedAt > record.connectedAt;
}

function needOf(settings: OAuthServerSettings, reason: ConnectionNeed["reason"], scopes: readonly string[]): ConnectionNeed {
  return { server: settings.key, serverName: settings.name, scopes, reason };
}

function ignoreConflict(error: unknown): void {
  if (!(error instanceof DocumentConflictError)) throw error;
}
