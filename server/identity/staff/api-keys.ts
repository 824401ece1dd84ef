import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import { actorOf } from "./actor-of.ts";
import { type Fault, InvalidError } from "../../foundation/invalid-error.ts";
import { DocumentConflictError, type DocumentStore, type StoredDocument } from "../../documents/ports.ts";
import { type Action, ACTIONS, mayDo, type Role, ROLES, type Staff } from "./actions.ts";
import { randomToken, tokenId } from "./one-time-token.ts";

const PREFIX = "fd_";
/** How many characters of a key are shown, so that its owner can recognise it. */
const SHOWN_CHARACTERS = PREFIX.length + 4;
const USE_NOTED_EVERY_MS = 60_000;

const actionSchema = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]]);

const keyBody = z.object({
  name: z.string(),
  beginning: z.string(),
  roles: z.array(z.enum(ROLES)),
  scopes: z.array(actionSchema).optional(),
  createdBy: z.string(),
  lastUsedAt: z.number().optional(),
});

/** What is known of a program's key, without the key itself. */
export interface ApiKey {
  /** SHA-256 of the key. */
  readonly id: string;
  readonly name: string;
  /** The first characters of the key. */
  readonly beginning: string;
  readonly roles: readonly Role[];
  /** Undefined: everything that the roles may do. */
  readonly scopes: readonly Action[] | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** Exact to the minute. */
  readonly lastUsedAt: number | undefined;
}

/** `Authorization: Bearer fd_…`. A key is shown once, when it is made. Only its hash is kept. */
export class ApiKeys {
  readonly #documents: DocumentStore;
  readonly #clock: Clock;
  readonly #token: () => string;

  constructor(ports: { readonly documents: DocumentStore; readonly clock: Clock; readonly token?: () => string }) {
    this.#documents = ports.documents;
    this.#clock = ports.clock;
    this.#token = ports.token ?? randomToken;
  }

  /** By name; `after` is a `namePosition`. */
  async list(options: { readonly after?: string; readonly limit: number; readonly q?: string }): Promise<readonly ApiKey[]> {
    return (await this.#documents.list("api-key", { ...options, by: "name", now: this.#clock.now() })).map(keyOf);
  }

  /** Nobody can make a key that may do more than they may themselves. */
  async create(
    by: Staff,
    given: {
      readonly name: string;
      readonly roles: readonly Role[];
      readonly scopes?: readonly Action[] | undefined;
      readonly expiresAt?: number | undefined;
    },
  ): Promise<{ readonly key: string; readonly apiKey: ApiKey }> {
    const now = this.#clock.now();
    this.#refuseMoreThan(by, given, now);
    const key = `${PREFIX}${this.#token()}`;
    const id = tokenId(key);
    const { expiresAt, ...named } = given;
    const body = { ...named, beginning: key.slice(0, SHOWN_CHARACTERS), createdBy: by.name };
    await this.#documents.write([{ do: "create", kind: "api-key", id, body, ...(expiresAt === undefined ? {} : { expiresAt }) }], {
      at: now,
      audit: [
        { by: actorOf(by), action: "api-key.create", target: { kind: "api-key", id }, after: { ...given, beginning: body.beginning } },
      ],
    });
    const document = await this.#documents.get("api-key", id, now);
    if (document === undefined) throw new RequestError("not-found", { detail: "The key was revoked right after it was made." });
    return { key, apiKey: keyOf(document) };
  }

  /** The key is refused from this moment on. Throws `not-found`. */
  async revoke(by: Staff, id: string): Promise<void> {
    const now = this.#clock.now();
    const found = await this.#documents.get("api-key", id, now);
    if (found === undefined) throw new RequestError("not-found", { detail: "There is no such API key." });
    const { name, roles, scopes, beginning } = keyOf(found);
    await this.#documents.write([{ do: "delete", kind: "api-key", id }], {
      at: now,
      audit: [{ by: actorOf(by), action: "api-key.revoke", target: { kind: "api-key", id }, before: { name, roles, scopes, beginning } }],
    });
  }

  /** The staff that a key acts for; undefined if it was never made, was revoked, or has expired. */
  async identify(key: string): Promise<Staff | undefined> {
    if (!/^fd_[A-Za-z0-9_-]{43}$/.test(key)) return undefined;
    const now = this.#clock.now();
    const found = await this.#documents.get("api-key", tokenId(key), now);
    if (found === undefined) return undefined;
    const { lastUsedAt = 0 } = keyOf(found);
    if (now - lastUsedAt >= USE_NOTED_EVERY_MS) await this.#noteUse(found, now);
    return staffOf(found);
  }

  /** What a key may do now, by its id; undefined if it was revoked or has expired. */
  async find(id: string): Promise<Staff | undefined> {
    const found = await this.#documents.get("api-key", id, this.#clock.now());
    return found === undefined ? undefined : staffOf(found);
  }

  async #noteUse(found: StoredDocument, now: number): Promise<void> {
    const body = { ...keyBody.parse(found.body), lastUsedAt: now };
    try {
      await this.#documents.write([{ do: "replace", kind: "api-key", id: found.id, body, ifVersion: found.version }], { at: now });
    } catch (error) {
      // Another request noted it, or the key was just revoked.
      if (!(error instanceof DocumentConflictError)) throw error;
    }
  }

  #refuseMoreThan(
    by: Staff,
    given: { readonly roles: readonly Role[]; readonly scopes?: readonly Action[] | undefined; readonly expiresAt?: number | undefined },
    now: number,
  ): void {
    const key: Staff = { kind: "key", id: "", name: "", roles: given.roles, groups: [] };
    const faults = (given.scopes ?? []).flatMap((scope, index): readonly Fault[] => {
      if (!mayDo(key, scope)) return [{ path: `/scopes/${index}`, message: `None of the key's roles may do ${scope}.` }];
      return mayDo(by, scope) ? [] : [{ path: `/scopes/${index}`, message: `You may not do ${scope} yourself.`, code: "more-rights" }];
    });
    const more = given.roles.findIndex((role) => !by.roles.includes(role) && !by.roles.includes("admin"));
    if (more >= 0)
      faults.push({ path: `/roles/${more}`, message: `You do not have the role ${given.roles[more]} yourself.`, code: "more-rights" });
    if (by.scopes !== undefined && given.scopes === undefined)
      faults.push({ path: "/scopes", message: "Your own key is limited to some actions, so this key must be limited as well." });
    if (given.expiresAt !== undefined && given.expiresAt <= now)
      faults.push({ path: "/expiresAt", message: "This time is in the past. Choose a later one.", code: "in-the-past" });
    if (faults.length > 0) throw new InvalidError(faults);
  }
}

function staffOf(document: StoredDocument): Staff {
  const { id, name, roles, scopes } = keyOf(document);
  return { kind: "key", id, name, roles, groups: [], ...(scopes === undefined ? {} : { scopes }) };
}

function keyOf(document: StoredDocument): ApiKey {
  const { name, beginning, roles, scopes, createdBy, lastUsedAt } = keyBody.parse(document.body);
  const { id, createdAt, expiresAt } = document;
  return { id, name, beginning, roles, scopes, createdBy, createdAt, expiresAt, lastUsedAt };
}
