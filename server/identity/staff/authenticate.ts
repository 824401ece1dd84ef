import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../../foundation/clock.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import { derive } from "../../guard/secrets/server-secret.ts";
import type { Staff } from "./actions.ts";
import type { ApiKeys } from "./api-keys.ts";
import { personBody } from "./person-record.ts";
import { type CookiePlace, readSessionToken, sessionCookieName } from "./session-cookie.ts";
import { noteUse, sessionIdOf } from "./session-record.ts";
import { tokenId } from "./one-time-token.ts";

/** What a request says about its sender. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** The network it comes from, for counting failed keys. */
  readonly address: string;
}

export interface AuthenticatePorts {
  readonly documents: Pick<DocumentStore, "get" | "write">;
  readonly clock: Pick<Clock, "now">;
  readonly apiKeys: Pick<ApiKeys, "identify">;
  /** Counts keys that belong to nobody. */
  readonly attempts: { failed(address: string): Promise<void> };
  readonly sessionSecret: string;
  /** How browsers reach the server: it decides how the cookie is named. */
  readonly place: CookiePlace;
  /** `FRONTDESK_ADMIN_KEY`. */
  readonly adminKey: string | undefined;
}

/** The staff that `FRONTDESK_ADMIN_KEY` acts for. */
export const ADMIN_KEY: Staff = { kind: "key", id: "FRONTDESK_ADMIN_KEY", name: "FRONTDESK_ADMIN_KEY", roles: ["admin"], groups: [] };

/**
 * Identifies staff with two reads of the database: by a key, or otherwise by a session. A request with an
 * `Authorization` header is never identified by its cookie. Roles, groups and a disabled account are read with each
 * request, so a change counts at once. A key cannot be guessed, so a valid one always passes, whatever others behind
 * the same address do wrong. Throws `RequestError` `too-many-attempts` after too many invalid keys.
 */
export function createAuthenticate(ports: AuthenticatePorts): (given: Credentials) => Promise<Staff | undefined> {
  const { documents, clock, apiKeys, attempts, adminKey } = ports;
  const cookie = { name: sessionCookieName(ports.place), secret: ports.sessionSecret };
  // Comparing hashes of equal length reveals nothing about the key.
  const adminHash = adminKey === undefined ? undefined : derive(adminKey, "admin-key");

  return async ({ authorization, cookie: header, address }) => {
    if (authorization === undefined) return bySession(header);
    const key = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
    const staff = key === undefined ? undefined : await byKey(key);
    if (staff === undefined) await attempts.failed(address);
    return staff;
  };

  async function byKey(key: string): Promise<Staff | undefined> {
    if (adminHash !== undefined && timingSafeEqual(derive(key, "admin-key"), adminHash)) return ADMIN_KEY;
    return apiKeys.identify(key);
  }

  async function bySession(header: string | undefined): Promise<Staff | undefined> {
    const token = readSessionToken(header, cookie);
    if (token === undefined) return undefined;
    const now = clock.now();
    const session = await documents.get("staff-session", tokenId(token), now);
    if (session?.parent === undefined) return undefined;
    const person = await documents.get("person", session.parent, now);
    if (person === undefined) return undefined;
    const { name, roles, groups, disabled } = personBody.parse(person.body);
    if (disabled) return undefined;
    await noteUse(session, ports);
    return { kind: "person", id: person.id, name, roles, groups, session: sessionIdOf(session) };
  }
}
