/** The keys of published servers. A key is shown once, when it is made; only its hash is kept. */
import { randomBytes } from "node:crypto";
import { RequestError } from "../../../protocol/errors.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { keyOf, type PublishedKeyRecord, publishedKeyRecordSchema, type PublishedKeyView } from "./published-key-record.ts";
import type { PublishedServers } from "./published-servers.ts";

export interface PublishedKeysPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly servers: Pick<PublishedServers, "get">;
}

const KIND = "published-key";
/** So long a revoked key is still told from one that never was. */
const REMEMBERED_MS = 90 * 24 * 60 * 60_000;
const SHOWN_CHARACTERS = "fdp_".length + 6;

/** Every method throws `RequestError` `not-found` for a server that this person does not see, or a key that is not there. */
export class PublishedKeys {
  readonly #ports: PublishedKeysPorts;

  constructor(ports: PublishedKeysPorts) {
    this.#ports = ports;
  }

  /** By id, after `after`. */
  async list(
    staff: Staff,
    server: string,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<readonly PublishedKeyView[]> {
    await this.#ports.servers.get(staff, server);
    const { documents, clock } = this.#ports;
    const shown: PublishedKeyView[] = [];
    for (let after = options.after; shown.length < options.limit;) {
      const page: readonly StoredDocument[] = await documents.list(KIND, {
        parent: server,
        limit: options.limit,
        now: clock.now(),
        ...(after === undefined ? {} : { after }),
      });
      shown.push(...page.flatMap(viewOf));
      after = page.at(-1)?.id;
      if (page.length < options.limit) break;
    }
    return shown.slice(0, options.limit);
  }

  /** Throws `InvalidError`. */
  async create(
    staff: Staff,
    server: string,
    { name, expiresAt }: { readonly name: string; readonly expiresAt?: number | undefined },
  ): Promise<PublishedKeyView & { readonly key: string }> {
    await this.#ports.servers.get(staff, server);
    const now = this.#ports.clock.now();
    if (expiresAt !== undefined && expiresAt <= now)
      throw new InvalidError([{ path: "/expiresAt", message: "This time is in the past. Choose a later one.", code: "in-the-past" }]);
    const id = randomBytes(8).toString("hex");
    const key = freshKey(id);
    const record: PublishedKeyRecord = {
      name,
      ...hashOf(key),
      createdBy: staff.name,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    const after = { server, name, beginning: record.beginning, ...(expiresAt === undefined ? {} : { expiresAt }) };
    await this.#ports.documents.write([{ do: "create", kind: KIND, id, parent: server, body: record }], {
      at: now,
      audit: [{ by: actorOf(staff), action: "published-key.create", target: { kind: KIND, id }, after }],
    });
    return { ...shown(id, record, now), key };
  }

  /** The key is refused from this moment on, and what it has open is closed. */
  async revoke(staff: Staff, server: string, id: string): Promise<void> {
    const { record, version } = await this.#find(staff, server, id);
    const now = this.#ports.clock.now();
    const body = { ...record, revokedAt: now };
    await this.#ports.documents.write([{ do: "replace", kind: KIND, id, body, ifVersion: version, expiresAt: now + REMEMBERED_MS }], {
      at: now,
      audit: [
        {
          by: actorOf(staff),
          action: "published-key.revoke",
          target: { kind: KIND, id },
          before: { server, name: record.name, beginning: record.beginning },
        },
      ],
    });
  }

  /** A new key under the same id and name. The present one stays good for `overlapMs`. */
  async rotate(staff: Staff, server: string, id: string, overlapMs: number): Promise<PublishedKeyView & { readonly key: string }> {
    const { record, version, createdAt } = await this.#find(staff, server, id);
    const now = this.#ports.clock.now();
    const key = freshKey(id);
    const body = { ...record, ...hashOf(key), previous: { hash: record.hash, until: now + overlapMs } };
    await this.#ports.documents.write([{ do: "replace", kind: KIND, id, body, ifVersion: version }], {
      at: now,
      audit: [
        { by: actorOf(staff), action: "published-key.rotate", target: { kind: KIND, id }, after: { server, name: record.name, overlapMs } },
      ],
    });
    return { ...shown(id, body, createdAt), key };
  }

  async #find(staff: Staff, server: string, id: string): Promise<{ record: PublishedKeyRecord; version: number; createdAt: number }> {
    await this.#ports.servers.get(staff, server);
    const found = await this.#ports.documents.get(KIND, id, this.#ports.clock.now());
    const record = found?.parent === server ? publishedKeyRecordSchema.parse(found.body) : undefined;
    if (found === undefined || record === undefined || record.revokedAt !== undefined)
      throw new RequestError("not-found", { detail: "This server has no such key." });
    return { record, version: found.version, createdAt: found.createdAt };
  }
}

function freshKey(id: string): string {
  return keyOf(id, randomBytes(32).toString("base64url"));
}

function hashOf(key: string): Pick<PublishedKeyRecord, "hash" | "beginning"> {
  return { hash: sha256Hex(key), beginning: key.slice(0, SHOWN_CHARACTERS) };
}

function viewOf({ id, body, createdAt }: StoredDocument): PublishedKeyView[] {
  const record = publishedKeyRecordSchema.parse(body);
  return record.revokedAt === undefined ? [shown(id, record, createdAt)] : [];
}

function shown(id: string, { name, beginning, createdBy, expiresAt, previous }: PublishedKeyRecord, createdAt: number): PublishedKeyView {
  return {
    id,
    name,
    beginning,
    createdBy,
    createdAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(previous === undefined ? {} : { previousUntil: previous.until }),
  };
}
