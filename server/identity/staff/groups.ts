import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import { actorOf } from "./actor-of.ts";
import { everyDocument } from "../../documents/every-document.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { DocumentChange, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import * as z from "zod";
import type { Staff } from "./actions.ts";
import type { Lock } from "../../foundation/lock.ts";
import { STAFF_LOCK } from "./staff-lock.ts";
import { type Person, personBody, personOf } from "./person-record.ts";

const groupBody = z.object({ name: z.string(), description: z.string().default("") });

/** People who are given access together. */
export interface Group {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
}

/**
 * Groups and their members. A membership is kept twice, in one transaction: as a document below the group, which lists
 * its members, and in the person, so that one read of a person shows their groups.
 */
export class Groups {
  readonly #documents: DocumentStore;
  readonly #clock: Clock;
  readonly #lock: Lock;

  constructor(ports: { readonly documents: DocumentStore; readonly clock: Clock; readonly lock: Lock }) {
    this.#documents = ports.documents;
    this.#clock = ports.clock;
    this.#lock = ports.lock;
  }

  /** By name; `after` is a `namePosition`. */
  async list(options: { readonly after?: string; readonly limit: number; readonly q?: string }): Promise<readonly Group[]> {
    return (await this.#documents.list("group", { ...options, by: "name", now: this.#clock.now() })).map(groupOf);
  }

  async find(id: string): Promise<Group | undefined> {
    const found = await this.#documents.get("group", id, this.#clock.now());
    return found === undefined ? undefined : groupOf(found);
  }

  /** Throws `not-found`. */
  async get(id: string): Promise<Group> {
    return groupOf(await this.#find("group", id));
  }

  create(by: Staff, given: { readonly name: string; readonly description: string }): Promise<Group> {
    return this.#lock.run(STAFF_LOCK, async () => {
      await this.#refuseTakenName(given.name, undefined);
      const id = this.#clock.id();
      await this.#write([{ do: "create", kind: "group", id, body: given }], { by, action: "group.create", id, after: given });
      return this.get(id);
    });
  }

  update(
    by: Staff,
    id: string,
    ifVersion: number,
    change: { readonly name?: string | undefined; readonly description?: string | undefined },
  ): Promise<Group> {
    return this.#lock.run(STAFF_LOCK, async () => {
      const before = groupBody.parse((await this.#find("group", id)).body);
      const after = { name: change.name ?? before.name, description: change.description ?? before.description };
      await this.#refuseTakenName(after.name, id);
      await this.#write([{ do: "replace", kind: "group", id, body: after, ifVersion }], { by, action: "group.update", id, before, after });
      return this.get(id);
    });
  }

  remove(by: Staff, id: string, ifVersion: number): Promise<void> {
    return this.#lock.run(STAFF_LOCK, async () => {
      const before = groupBody.parse((await this.#find("group", id)).body);
      const members = await this.#memberIds(id);
      const left = await Promise.all(members.map((person) => this.#without(person, id)));
      await this.#write(
        [{ do: "delete", kind: "group", id, ifVersion }, { do: "delete-children", kind: "group-member", parent: id }, ...left.flat()],
        { by, action: "group.remove", id, before: { ...before, members } },
      );
    });
  }

  async members(id: string, options: { readonly after?: string; readonly limit: number }): Promise<readonly Person[]> {
    await this.#find("group", id);
    const now = this.#clock.now();
    const after = options.after === undefined ? {} : { after: `${id}/${options.after}` };
    const found = await this.#documents.list("group-member", { parent: id, ...after, limit: options.limit, now });
    const people = await Promise.all(found.map((member) => this.#documents.get("person", member.id.slice(id.length + 1), now)));
    return people.filter((person) => person !== undefined).map(personOf);
  }

  /** Adding somebody who is already in the group changes nothing. */
  add(by: Staff, id: string, personId: string): Promise<void> {
    return this.#lock.run(STAFF_LOCK, async () => {
      await this.#find("group", id);
      const person = await this.#find("person", personId);
      const body = personBody.parse(person.body);
      if (body.groups.includes(id)) return;
      const after = { ...body, groups: [...body.groups, id].sort() };
      await this.#write(
        [
          { do: "replace", orCreate: true, kind: "group-member", id: `${id}/${personId}`, parent: id, body: {} },
          { do: "replace", kind: "person", id: personId, body: after, ifVersion: person.version },
        ],
        { by, action: "group.add-member", id, after: { person: personId } },
      );
    });
  }

  /** Throws `not-found` if they are not in the group. */
  removeMember(by: Staff, id: string, personId: string): Promise<void> {
    return this.#lock.run(STAFF_LOCK, async () => {
      await this.#find("group-member", `${id}/${personId}`);
      await this.#write([{ do: "delete", kind: "group-member", id: `${id}/${personId}` }, ...(await this.#without(personId, id))], {
        by,
        action: "group.remove-member",
        id,
        before: { person: personId },
      });
    });
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #find(kind: "group" | "group-member" | "person", id: string): Promise<StoredDocument> {
    const document = await this.#documents.get(kind, id, this.#clock.now());
    if (document === undefined) throw new RequestError("not-found", { detail: `There is no ${kind} ${id}.` });
    return document;
  }

  async #memberIds(id: string): Promise<string[]> {
    const members = await everyDocument(this.#documents, "group-member", { parent: id, now: this.#clock.now() });
    return members.map((member) => member.id.slice(id.length + 1));
  }

  async #without(personId: string, group: string): Promise<DocumentChange[]> {
    const person = await this.#documents.get("person", personId, this.#clock.now());
    if (person === undefined) return [];
    const body = personBody.parse(person.body);
    const after = { ...body, groups: body.groups.filter((one) => one !== group) };
    return [{ do: "replace", kind: "person", id: personId, body: after, ifVersion: person.version }];
  }

  async #refuseTakenName(name: string, except: string | undefined): Promise<void> {
    const groups = (await everyDocument(this.#documents, "group", { now: this.#clock.now() })).map(groupOf);
    if (groups.some((group) => group.id !== except && group.name.toLowerCase() === name.toLowerCase()))
      throw new InvalidError([
        { path: "/name", message: "A group with this name already exists. Choose another name.", code: "name-taken" },
      ]);
  }

  async #write(
    changes: readonly DocumentChange[],
    { by, action, id, ...what }: { by: Staff; action: string; id: string; before?: unknown; after?: unknown },
  ): Promise<void> {
    const audit = [{ by: actorOf(by), action, target: { kind: "group", id }, ...what }];
    await this.#documents.write(changes, { at: this.#clock.now(), audit });
  }
}

function groupOf(document: StoredDocument): Group {
  const { name, description } = groupBody.parse(document.body);
  return { id: document.id, version: document.version, name, description, createdAt: document.createdAt };
}
