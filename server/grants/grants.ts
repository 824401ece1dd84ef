/** What programs may do for whom: asked at the gate of published servers with each request, and shown to people. */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import { RequestError } from "../../protocol/errors.ts";
import { everyDocument } from "../documents/every-document.ts";
import type { AuditActor, DocumentStore, StoredDocument } from "../documents/ports.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Staff } from "../identity/staff/actions.ts";
import { actorOf } from "../identity/staff/actor-of.ts";
import type { LivePublished } from "../setup/published-servers/live-published.ts";
import { ACCESS_PREFIX, type GrantedProgram, type GrantRecord, grantRecordSchema, type GrantView } from "./grant-record.ts";

/** Why a token is not taken. Only who has the token itself learns more than that it is unknown. */
export type TokenRefusal = "unknown-token" | "other-server-token" | "ended" | "expired-token" | "not-admitted";

/** Who a token stands for. */
export interface SignedIn {
  /** Of the grant. */
  readonly id: string;
  /** The person and the program. */
  readonly name: string;
  readonly person: string;
  readonly scopes: readonly string[];
}

export type TokenVerdict = { readonly key: SignedIn } | { readonly refused: TokenRefusal };

export interface GrantsPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now">;
  readonly live: Pick<LivePublished, "find" | "admits">;
  /** Undefined: they are gone, or disabled. */
  readonly findPerson: (id: string) => Promise<Staff | undefined>;
}

export interface FoundGrant {
  readonly id: string;
  readonly person: string;
  readonly record: GrantRecord;
  readonly version: number;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
}

/** Three names of a grant: it is one however often the program comes. */
export interface GrantPlace {
  readonly server: string;
  readonly person: string;
  readonly clientId: string;
}

const tokenBody = z.looseObject({ grant: z.string(), server: z.string(), scopes: z.array(z.string()), expiresAt: z.string() });
/** So long a program has for its first token. */
const FIRST_TOKEN_MS = 15 * 60_000;

/** Everything is read from the database each time, so that what was revoked is refused with the next request. */
export class Grants {
  readonly #ports: GrantsPorts;

  constructor(ports: GrantsPorts) {
    this.#ports = ports;
  }

  /** Whether it has the shape of an access token. */
  static isToken(key: string): boolean {
    return key.startsWith(ACCESS_PREFIX);
  }

  /** Whether an access token may be used for a server at this moment. */
  async check(server: string, token: string): Promise<TokenVerdict> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    const document = await documents.get("access-token", sha256Hex(token.slice(ACCESS_PREFIX.length)), now);
    if (document === undefined) return { refused: "unknown-token" };
    const body = tokenBody.parse(document.body);
    if (body.server !== server) return { refused: "other-server-token" };
    const grant = await this.#get(body.grant);
    if (grant === undefined) return { refused: "ended" };
    if (Date.parse(body.expiresAt) <= now) return { refused: "expired-token" };
    if (!(await this.#isAdmitted(grant))) return { refused: "not-admitted" };
    const { program, personName } = grant.record;
    return { key: { id: grant.id, name: `${personName} · ${program.name}`, person: grant.person, scopes: body.scopes } };
  }

  /** Whether a grant may be used at this moment; for what it has open, and before it gets tokens. */
  async isGood(id: string): Promise<boolean> {
    const grant = await this.#get(id);
    return grant !== undefined && this.#isAdmitted(grant);
  }

  async find({ server, person, clientId }: GrantPlace): Promise<FoundGrant | undefined> {
    return (await this.of(person)).find(({ record }) => record.server === server && record.program.id === clientId);
  }

  /** Those of a person. */
  async of(person: string): Promise<readonly FoundGrant[]> {
    return (await everyDocument(this.#ports.documents, "grant", { parent: person, now: this.#ports.clock.now() })).flatMap(grantOf);
  }

  /** Those of a server. */
  async at(server: string): Promise<readonly FoundGrant[]> {
    const all = await everyDocument(this.#ports.documents, "grant", { now: this.#ports.clock.now() });
    return all.flatMap(grantOf).filter(({ record }) => record.server === server);
  }

  /** A person let a program in. What they allow replaces what they allowed it before. */
  async allow(staff: Staff, server: string, { program, scopes }: { readonly program: GrantedProgram; readonly scopes: readonly string[] }) {
    const { documents, clock } = this.#ports;
    const at = clock.now();
    const before = await this.find({ server, person: staff.id, clientId: program.id });
    const id = before?.id ?? `grant-${randomBytes(12).toString("hex")}`;
    const body: GrantRecord = { ...before?.record, server, program, personName: staff.name, scopes: [...scopes] };
    const expiresAt = Math.max(before?.expiresAt ?? 0, at + FIRST_TOKEN_MS);
    await documents.write([{ do: "replace", orCreate: true, kind: "grant", id, parent: staff.id, body, expiresAt }], {
      at,
      audit: [{ by: actorOf(staff), action: "grant.allow", target: { kind: "grant", id }, after: audited(body) }],
    });
  }

  /** Its tokens are refused from this moment on, and what it has open is closed. Throws `RequestError` `not-found`. */
  async revoke(by: AuditActor, id: string, isTheirs: (grant: FoundGrant) => boolean): Promise<void> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    const grant = await this.#get(id);
    if (grant === undefined || !isTheirs(grant))
      throw new RequestError("not-found", { detail: "There is no such grant: it may have ended." });
    // Access tokens stay until they are over: whoever comes with one is told that it was revoked.
    const tokens = await everyDocument(documents, "refresh-token", { parent: grant.person, now });
    const own = tokens.filter(({ body }) => tokenBody.parse(body).grant === id);
    await documents.write(
      [{ do: "delete", kind: "grant", id }, ...own.map(({ kind, id: token }) => ({ do: "delete", kind, id: token }) as const)],
      {
        at: now,
        audit: [{ by, action: "grant.revoke", target: { kind: "grant", id }, before: audited(grant.record) }],
      },
    );
  }

  /** As people read it. */
  view({ id, person, record, createdAt, expiresAt }: FoundGrant): GrantView {
    const { server, personName, program, scopes, seenAt } = record;
    const found = this.#ports.live.find(server);
    return {
      id,
      server,
      ...(found === undefined || found === "deleted" ? {} : { serverName: found.name }),
      person: { id: person, name: personName },
      program: { name: program.name, ...(program.host === undefined ? {} : { host: program.host }) },
      scopes,
      createdAt,
      ...(seenAt === undefined ? {} : { seenAt }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }

  async #get(id: string): Promise<FoundGrant | undefined> {
    const document = await this.#ports.documents.get("grant", id, this.#ports.clock.now());
    return document === undefined ? undefined : grantOf(document)[0];
  }

  async #isAdmitted({ person, record }: FoundGrant): Promise<boolean> {
    const { live, findPerson } = this.#ports;
    const server = live.find(record.server);
    if (server === undefined || server === "deleted") return false;
    const staff = await findPerson(person);
    return staff !== undefined && live.admits(server, staff);
  }
}

function grantOf({ id, parent, body, version, createdAt, expiresAt }: StoredDocument): FoundGrant[] {
  const parsed = grantRecordSchema.safeParse(body);
  return parsed.success && parent !== undefined ? [{ id, person: parent, record: parsed.data, version, createdAt, expiresAt }] : [];
}

function audited({ server, program, scopes }: GrantRecord): object {
  const { name, host } = program;
  return { server, program: { name, ...(host === undefined ? {} : { host }) }, scopes };
}
