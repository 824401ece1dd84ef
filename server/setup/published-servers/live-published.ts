/** The published servers and their keys as clients find them now. */
import { timingSafeEqual } from "node:crypto";
import { RequestError } from "../../../protocol/errors.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { Follower } from "../../documents/following.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { isOwner, type Owner } from "../assistants/assistant-record.ts";
import { keyIdOf, type PublishedKeyRecord, publishedKeyRecordSchema } from "./published-key-record.ts";
import { publishedNames, publishedServerRecordSchema, type PublishedTool } from "./published-server-record.ts";

export interface PublishedServer {
  readonly id: string;
  readonly name: string;
  readonly owner: Owner;
  readonly tools: readonly (PublishedTool & { readonly publishedName: string })[];
  readonly callsPerMinute: number;
  /** Changes with each change of it. */
  readonly version: number;
}

/** Why a key is not taken. Only who has the key itself learns more than that it is unknown. */
export type KeyRefusal = "unknown" | "other-server" | "revoked" | "expired" | "replaced";

export type KeyVerdict = { readonly key: { readonly id: string; readonly name: string } } | { readonly refused: KeyRefusal };

export interface LivePublishedPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly findStaff: (owner: Owner) => Promise<Staff | undefined>;
  /** Whether this person or key may use what a tool comes from. */
  readonly mayPublish: (staff: Staff, tool: Pick<PublishedTool, "source" | "server">) => Promise<boolean>;
}

interface HeldKey {
  readonly server: string;
  readonly record: PublishedKeyRecord;
}

/** Asking costs a look at a map. Every change is seen before whoever made it is answered. */
export class LivePublished implements Follower {
  readonly kinds = ["published-server", "published-key", "deleted-published-server"] as const;
  readonly #ports: LivePublishedPorts;
  #servers: ReadonlyMap<string, PublishedServer> = new Map();
  #deleted: ReadonlySet<string> = new Set();
  #keys: ReadonlyMap<string, HeldKey> = new Map();
  #keysOf: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(ports: LivePublishedPorts) {
    this.#ports = ports;
  }

  async follow(): Promise<void> {
    await this.reload();
  }

  async reload(): Promise<void> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    const servers = await everyDocument(documents, "published-server", { now });
    const deleted = await everyDocument(documents, "deleted-published-server", { now });
    const keys = await everyDocument(documents, "published-key", { now });
    this.#servers = new Map(servers.flatMap((one) => this.#server(one)).map((server) => [server.id, server]));
    this.#deleted = new Set(deleted.map(({ id }) => id));
    this.#keys = new Map(keys.flatMap((one) => this.#key(one)));
    const keysOf = new Map<string, string[]>();
    for (const [id, { server }] of this.#keys) keysOf.set(server, [...(keysOf.get(server) ?? []), id]);
    this.#keysOf = keysOf;
  }

  /** Those that are there. */
  ids(): readonly string[] {
    return [...this.#servers.keys()];
  }

  find(id: string): PublishedServer | "deleted" | undefined {
    return this.#servers.get(id) ?? (this.#deleted.has(id) ? "deleted" : undefined);
  }

  /** Throws `RequestError` `not-found`. */
  get(id: string): PublishedServer {
    const found = this.find(id);
    if (found === undefined || found === "deleted")
      throw new RequestError("not-found", { detail: `There is no published server "${id}".` });
    return found;
  }

  /** Whether a key may be used for a server at this moment. */
  check(server: string, key: string): KeyVerdict {
    const id = keyIdOf(key);
    const held = id === undefined ? undefined : this.#keys.get(id);
    if (id === undefined || held === undefined) return { refused: "unknown" };
    const now = this.#ports.clock.now();
    const { name, hash, previous, revokedAt, expiresAt } = held.record;
    const given = sha256Hex(key);
    const isPrevious = previous !== undefined && isSame(previous.hash, given);
    if (!isSame(hash, given) && !isPrevious) return { refused: "unknown" };
    if (held.server !== server) return { refused: "other-server" };
    if (revokedAt !== undefined) return { refused: "revoked" };
    if (expiresAt !== undefined && expiresAt <= now) return { refused: "expired" };
    if (isPrevious && previous.until <= now) return { refused: "replaced" };
    return { key: { id, name } };
  }

  /** Whether a key, by its id, may still be used; for what it has open. */
  isGood(id: string): boolean {
    const record = this.#keys.get(id)?.record;
    const isOver = record?.expiresAt !== undefined && record.expiresAt <= this.#ports.clock.now();
    return record !== undefined && record.revokedAt === undefined && !isOver;
  }

  /** How many keys of a server may be used at this moment. */
  goodKeys(server: string): number {
    return (this.#keysOf.get(server) ?? []).filter((id) => this.isGood(id)).length;
  }

  /**
   * Whether somebody of the staff may sign in to a server: who could publish something themselves, and sees the server
   * or may use one of its tools.
   */
  async admits(server: PublishedServer, staff: Staff): Promise<boolean> {
    if (staff.kind !== "person" || !mayDo(staff, "published.read")) return false;
    if (staff.roles.includes("admin") || isOwner(staff, server)) return true;
    return (await this.offered(server, staff.id)).length > 0;
  }

  /**
   * The tools that are active, and whose source the server's owner may still use. To a person who signed in, those of
   * them that they could publish themselves: signing in gives nobody more than they have.
   */
  async offered(server: PublishedServer, person?: string): Promise<PublishedServer["tools"]> {
    const active = server.tools.filter((tool) => tool.active);
    if (active.length === 0) return [];
    const { owner } = server;
    const owned = await this.#usable(active, owner);
    const isOther = person !== undefined && !(owner.kind === "person" && owner.id === person);
    return isOther ? this.#usable(owned, { kind: "person", id: person, name: "" }) : owned;
  }

  /** What somebody may use. */
  async #usable(tools: PublishedServer["tools"], by: Owner): Promise<PublishedServer["tools"]> {
    const { findStaff, mayPublish } = this.#ports;
    const staff = await findStaff(by);
    if (staff === undefined) return [];
    const verdicts = new Map<string, Promise<boolean>>();
    const may = tools.map(({ source, server: from = "" }) => {
      const place = `${source}/${from}`;
      const verdict = verdicts.get(place) ?? mayPublish(staff, { source, server: from });
      verdicts.set(place, verdict);
      return verdict;
    });
    const allowed = await Promise.all(may);
    return tools.filter((_tool, index) => allowed[index]);
  }

  #server({ id, body, version }: StoredDocument): PublishedServer[] {
    const parsed = publishedServerRecordSchema.safeParse(body);
    if (!parsed.success) {
      this.#ports.log.error({ server: id }, "A published server in the database cannot be read, so no client can reach it.");
      return [];
    }
    const names = publishedNames(parsed.data.tools);
    const tools = parsed.data.tools.map((tool, index) => ({ ...tool, publishedName: names[index]! }));
    return [{ id, ...parsed.data, tools, version }];
  }

  #key({ id, parent, body }: StoredDocument): (readonly [string, HeldKey])[] {
    const parsed = publishedKeyRecordSchema.safeParse(body);
    return parsed.success && parent !== undefined ? [[id, { server: parent, record: parsed.data }]] : [];
  }
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
