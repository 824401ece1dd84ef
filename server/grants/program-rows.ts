import { AsyncLocalStorage } from "node:async_hooks";
import { APIError } from "better-auth/api";
import { everyDocument } from "../documents/every-document.ts";
import { type DocumentChange, DocumentConflictError, type DocumentStore, type StoredDocument } from "../documents/ports.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";
import type { Clock } from "../foundation/clock.ts";
import { type Condition, matches } from "../identity/staff/account-conditions.ts";
import { equalTo, type Row, rowSchema } from "../identity/staff/account-row.ts";
import { AccountRows, type LibraryRows } from "../identity/staff/account-rows.ts";
import { REFRESH_PREFIX } from "./grant-record.ts";
import type { Grants } from "./grants.ts";
import { findProgram, programId } from "./program-record.ts";
import { SCOPES } from "./scopes.ts";

export interface ProgramRowsPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now">;
  readonly grants: Grants;
  /** The published server that an address is of. */
  readonly serverAt: (resource: string) => { readonly id: string; readonly name: string } | undefined;
}

interface FoundRow {
  readonly document: StoredDocument;
  readonly row: Row;
}

const KINDS = { oauthClient: "program", oauthAccessToken: "access-token", oauthRefreshToken: "refresh-token" } as const;
type Kept = keyof typeof KINDS;

const DAY_MS = 24 * 60 * 60_000;
/** A program that never got a token is forgotten: some register anew with each sign-in. */
const UNUSED_MS = DAY_MS;
/** Longer than any of its tokens. */
const USED_MS = 90 * DAY_MS;
/** So long a token that is over is told from one that never was. */
const REMEMBERED_MS = DAY_MS;
const MOST_TRIES = 5;

/**
 * The tables of the authorization server. Programs and tokens are documents; each published server is a resource as
 * long as it is there; a consent lasts for the request that gives it, since whoever signs in is asked each time.
 */
export class ProgramRows implements LibraryRows {
  readonly #ports: ProgramRowsPorts;
  readonly #accounts: AccountRows;
  readonly #consents = new Map<string, Row>();
  /** The grant of the refresh token that a request comes with. */
  readonly #family = new AsyncLocalStorage<string>();

  constructor(ports: ProgramRowsPorts) {
    this.#ports = ports;
    this.#accounts = new AccountRows({ documents: ports.documents, now: () => ports.clock.now() });
  }

  async create(model: string, row: Row): Promise<Row> {
    if (model === "oauthConsent") {
      this.#consents.set(String(row["id"]), row);
      return row;
    }
    if (!isKept(model)) return this.#accounts.create(model, row);
    return model === "oauthClient" ? this.#createProgram(row) : this.#createToken(model, row);
  }

  /** Whether it is a token, as its program has it, that was not given back or used up. */
  async isKept(token: string): Promise<boolean> {
    const row = await this.#tokenRow(token);
    return row !== undefined && row["revoked"] == null;
  }

  /**
   * Does something for who comes with a refresh token. What the library ends meanwhile, since the token was used before,
   * is of the same grant: it would end what the same person let the same program do at other servers, too.
   */
  async inFamilyOf<Result>(refreshToken: string, work: () => Promise<Result>): Promise<Result> {
    const grant = (await this.#tokenRow(refreshToken))?.["grant"];
    return typeof grant === "string" ? this.#family.run(grant, work) : work();
  }

  /** What was allowed is not remembered. */
  forgetConsents(): void {
    this.#consents.clear();
  }

  async find(model: string, where: readonly Condition[]): Promise<Row[]> {
    if (model === "oauthConsent") return [...this.#consents.values()].filter((row) => matches(row, where));
    if (model === "oauthResource") return this.#resources(where);
    if (model === "oauthClientResource") return [];
    if (!isKept(model)) return this.#accounts.find(model, where);
    return (await this.#find(model, where)).map(({ row }) => row);
  }

  async change(model: string, where: readonly Condition[], update: Row, atMost: number): Promise<Row[]> {
    if (!isKept(model)) return this.#accounts.change(model, where, update, atMost);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#change(model, where, update, atMost);
      } catch (error) {
        // Another request of the same program was quicker: whether the row still fits is looked at again.
        if (!(error instanceof DocumentConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  }

  async remove(model: string, where: readonly Condition[], atMost: number): Promise<number> {
    if (!isKept(model)) return this.#accounts.remove(model, where, atMost);
    const found = (await this.#find(model, where)).slice(0, atMost);
    const changes = found.map(({ document: { kind, id } }): DocumentChange => ({ do: "delete", kind, id }));
    if (changes.length > 0) await this.#ports.documents.write(changes, { at: this.#ports.clock.now() });
    return found.length;
  }

  async consume(model: string, where: readonly Condition[]): Promise<Row | undefined> {
    return this.#accounts.consume(model, where);
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #tokenRow(token: string): Promise<Row | undefined> {
    const kind = token.startsWith(REFRESH_PREFIX) ? "refresh-token" : "access-token";
    const found = await this.#ports.documents.get(kind, sha256Hex(token.slice(REFRESH_PREFIX.length)), this.#ports.clock.now());
    return found && rowSchema.parse(found.body);
  }

  async #createProgram(row: Row): Promise<Row> {
    const { documents, clock } = this.#ports;
    const at = clock.now();
    const id = programId(String(row["clientId"]));
    await documents.write([{ do: "create", kind: "program", id, body: row, expiresAt: at + UNUSED_MS }], { at });
    return row;
  }

  /** Throws `invalid_grant` where nobody allows it any more. */
  async #createToken(model: "oauthAccessToken" | "oauthRefreshToken", given: Row): Promise<Row> {
    const { documents, clock, grants, serverAt } = this.#ports;
    const at = clock.now();
    const [person, clientId, id] = [String(given["userId"]), String(given["clientId"]), String(given["token"])];
    const resources = Array.isArray(given["resources"]) ? (given["resources"] as readonly unknown[]) : [];
    const server = resources.length === 1 ? serverAt(String(resources[0])) : undefined;
    const grant = server === undefined ? undefined : await grants.find({ server: server.id, person, clientId });
    const known = await findProgram(documents, clientId, at);
    if (grant === undefined || known === undefined || !(await grants.isGood(grant.id))) throw ended();
    // A family of tokens never has more than was allowed last.
    const scopes = (given["scopes"] as readonly string[]).filter((scope) => grant.record.scopes.includes(scope));
    const row: Row = { ...given, id, scopes };
    const endsAt = Date.parse(String(given["expiresAt"]));
    const expiresAt = Math.max(endsAt, grant.expiresAt ?? 0);
    const body = { ...grant.record, seenAt: at };
    const written = documents.write(
      [
        {
          do: "create",
          kind: KINDS[model],
          id,
          parent: person,
          body: { ...row, grant: grant.id, server: grant.record.server },
          expiresAt: endsAt + REMEMBERED_MS,
        },
        { do: "replace", kind: "grant", id: grant.id, body, expiresAt },
        { do: "replace", kind: "program", id: known.document.id, body: known.document.body, expiresAt: at + USED_MS },
      ],
      { at },
    );
    await written.catch((error: unknown) => {
      // It was revoked in the meantime.
      throw error instanceof DocumentConflictError ? ended() : error;
    });
    return row;
  }

  async #find(model: Kept, where: readonly Condition[]): Promise<FoundRow[]> {
    const { documents, clock, grants } = this.#ports;
    const now = clock.now();
    const kind = KINDS[model];
    const id = idIn(model, where);
    const person = equalTo(where, "userId");
    const found =
      id === undefined
        ? await everyDocument(documents, kind, { now, ...(person === undefined || model === "oauthClient" ? {} : { parent: person }) })
        : [await documents.get(kind, id, now)].filter((document) => document !== undefined);
    const family = model === "oauthRefreshToken" && id === undefined ? this.#family.getStore() : undefined;
    const fitting = found
      .map((document) => ({ document, row: rowSchema.parse(document.body) }))
      .filter(({ row }) => matches(row, where) && (family === undefined || row["grant"] === family));
    // A program that comes for new tokens comes with the token.
    if (model !== "oauthRefreshToken" || equalTo(where, "token") === undefined) return fitting;
    const isGood = await Promise.all(fitting.map(({ row }) => grants.isGood(String(row["grant"]))));
    return fitting.filter((_row, index) => isGood[index]);
  }

  async #change(model: Kept, where: readonly Condition[], update: Row, atMost: number): Promise<Row[]> {
    const changed = (await this.#find(model, where))
      .slice(0, atMost)
      .map(({ document, row }) => ({ document, row: { ...row, ...update } }));
    const changes = changed.map(({ document: { kind, id, version }, row }): DocumentChange => {
      return { do: "replace", kind, id, body: row, ifVersion: version };
    });
    if (changes.length > 0) await this.#ports.documents.write(changes, { at: this.#ports.clock.now() });
    return changed.map(({ row }) => row);
  }

  #resources(where: readonly Condition[]): Row[] {
    const identifier = equalTo(where, "identifier");
    const server = identifier === undefined ? undefined : this.#ports.serverAt(identifier);
    if (server === undefined) return [];
    return [{ id: server.id, identifier, name: server.name, allowedScopes: SCOPES, disabled: false, policyVersion: 1 }];
  }
}

function ended(): APIError {
  return new APIError("BAD_REQUEST", { error: "invalid_grant", error_description: "This sign-in has ended: sign in again." });
}

function isKept(model: string): model is Kept {
  return model in KINDS;
}

/** Under which the document of a row is found. */
function idIn(model: Kept, where: readonly Condition[]): string | undefined {
  const clientId = equalTo(where, "clientId");
  if (model === "oauthClient") return clientId === undefined ? undefined : programId(clientId);
  return equalTo(where, "token") ?? equalTo(where, "id");
}
