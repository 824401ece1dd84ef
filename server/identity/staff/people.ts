import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import { actorOf } from "./actor-of.ts";
import { everyDocument } from "../../documents/every-document.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { type DocumentChange, DocumentConflictError, type DocumentStore, type StoredDocument } from "../../documents/ports.ts";
import type { Role, Staff } from "./actions.ts";
import { endSessions, endSignIns, isWorkingAdmin, refuseAbove, refuseMoreThan } from "./people-rules.ts";
import type { Lock } from "../../foundation/lock.ts";
import { STAFF_LOCK } from "./staff-lock.ts";
import { type Invitation, newInvitation } from "./invitation.ts";
import { tokenId } from "./one-time-token.ts";
import { passwordAccount, type PasswordHashing } from "./password-account.ts";
import { auditedPerson, type Person, personBody, type PersonBody, personOf } from "./person-record.ts";

export interface PeoplePorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly lock: Lock;
  readonly passwords: Pick<PasswordHashing, "hash">;
  readonly token?: () => string;
}

/**
 * The staff. Nobody can register: an admin invites a person, who sets a password with the invitation. At least one
 * admin can always sign in; a change that would end this is refused (`last-admin`). Nobody gains rights through another
 * person: a key that is limited to `people.write` can neither make an admin nor set a new password for one.
 */
export class People {
  readonly #ports: PeoplePorts;

  constructor(ports: PeoplePorts) {
    this.#ports = ports;
  }

  /** By name; `after` is a `namePosition`. */
  async list(options: { readonly after?: string; readonly limit: number; readonly q?: string }): Promise<readonly Person[]> {
    const now = this.#ports.clock.now();
    return (await this.#ports.documents.list("person", { ...options, by: "name", now })).map(personOf);
  }

  /** Throws `not-found`. */
  async get(id: string): Promise<Person> {
    return personOf(await this.#find(id));
  }

  invite(
    by: Staff,
    given: { readonly name: string; readonly email: string; readonly roles: readonly Role[] },
  ): Promise<{ person: Person; invitation: Invitation }> {
    const { clock, documents, lock } = this.#ports;
    return lock.run(STAFF_LOCK, async () => {
      refuseMoreThan(by, given.roles);
      await this.#refuseTakenEmail(given.email, undefined);
      const id = clock.id();
      const body: PersonBody = { ...given, roles: [...given.roles], emailVerified: false, groups: [], disabled: false };
      const { invitation, change } = newInvitation(id, this.#ports);
      await documents.write([{ do: "create", kind: "person", id, body }, change], {
        at: clock.now(),
        audit: [{ by: actorOf(by), action: "person.invite", target: { kind: "person", id }, after: auditedPerson(body) }],
      });
      return { person: await this.get(id), invitation };
    });
  }

  /**
   * A new link for a person who lost theirs or forgot the password. Earlier links end; the password stays until the
   * link is used. Throws `forbidden`.
   */
  inviteAgain(by: Staff, id: string): Promise<Invitation> {
    const { clock, documents, lock } = this.#ports;
    return lock.run(STAFF_LOCK, async () => {
      refuseAbove(by, personBody.parse((await this.#find(id)).body));
      const { invitation, change } = newInvitation(id, this.#ports);
      await documents.write([{ do: "delete-children", kind: "invitation", parent: id }, change], {
        at: clock.now(),
        audit: [{ by: actorOf(by), action: "person.invite", target: { kind: "person", id } }],
      });
      return invitation;
    });
  }

  /** Whose invitation it is, for the page that takes it. Throws `link-over`. */
  async readInvitation(token: string): Promise<Pick<Person, "name" | "email">> {
    const { clock, documents } = this.#ports;
    const found = await documents.get("invitation", tokenId(token), clock.now());
    if (found?.parent === undefined) throw new RequestError("link-over");
    const { name, email, disabled } = personBody.parse((await this.#find(found.parent)).body);
    if (disabled) throw new RequestError("link-over");
    return { name, email };
  }

  /** Sets a password with an invitation. Open sessions end, and the sign-ins of programs. Throws `link-over`. */
  async acceptInvitation(given: { readonly token: string; readonly password: string }): Promise<void> {
    const { clock, documents, lock, passwords } = this.#ports;
    const found = await documents.get("invitation", tokenId(given.token), clock.now());
    if (found?.parent === undefined) throw new RequestError("link-over");
    const id = found.parent;
    const hash = await passwords.hash(given.password);
    await lock.run(STAFF_LOCK, async () => {
      const person = await this.#find(id);
      const body = personBody.parse(person.body);
      if (body.disabled) throw new RequestError("link-over");
      const at = clock.now();
      const used: DocumentChange = { do: "delete", kind: "invitation", id: found.id, ifVersion: found.version };
      await documents
        .write(
          [
            used,
            { do: "replace", kind: "person", id, body: { ...body, joinedAt: body.joinedAt ?? at }, ifVersion: person.version },
            passwordAccount(id, hash),
            ...endSessions(id),
          ],
          { at, audit: [{ by: { kind: "person", id, name: body.name }, action: "person.set-password", target: { kind: "person", id } }] },
        )
        .catch((error: unknown) => {
          throw error instanceof DocumentConflictError && error.kind === "invitation" ? new RequestError("link-over") : error;
        });
    });
  }

  /** Sessions of a person who is disabled end. Throws `not-found`, `forbidden`, `last-admin`, `InvalidError`. */
  update(
    by: Staff,
    id: string,
    ifVersion: number,
    change: { readonly [Field in "name" | "email" | "roles" | "disabled"]?: PersonBody[Field] | undefined },
  ): Promise<Person> {
    const { clock, documents, lock } = this.#ports;
    return lock.run(STAFF_LOCK, async () => {
      const document = await this.#find(id);
      const before = personBody.parse(document.body);
      const after: PersonBody = {
        ...before,
        name: change.name ?? before.name,
        email: change.email ?? before.email,
        roles: change.roles ?? before.roles,
        disabled: change.disabled ?? before.disabled,
      };
      if (change.roles !== undefined) refuseMoreThan(by, change.roles);
      if (after.email !== before.email) {
        refuseAbove(by, before);
        await this.#refuseTakenEmail(after.email, id);
        // People who sign in through the identity provider are recognised by their address, so a new one must be
        // verified again.
        after.emailVerified = false;
      }
      if (!isWorkingAdmin(after)) await this.#refuseWithoutAdmin(id);
      await documents.write([{ do: "replace", kind: "person", id, body: after, ifVersion }, ...(after.disabled ? endSignIns(id) : [])], {
        at: clock.now(),
        audit: [
          {
            by: actorOf(by),
            action: "person.update",
            target: { kind: "person", id },
            before: auditedPerson(before),
            after: auditedPerson(after),
          },
        ],
      });
      return this.get(id);
    });
  }

  remove(by: Staff, id: string, ifVersion: number): Promise<void> {
    const { clock, documents, lock } = this.#ports;
    return lock.run(STAFF_LOCK, async () => {
      const document = await this.#find(id);
      const before = personBody.parse(document.body);
      await this.#refuseWithoutAdmin(id);
      await documents.write(
        [
          { do: "delete", kind: "person", id, ifVersion },
          { do: "delete-children", kind: "staff-account", parent: id },
          { do: "delete-children", kind: "inbox-view", parent: id },
          ...endSignIns(id),
          ...before.groups.map((group) => ({ do: "delete", kind: "group-member", id: `${group}/${id}` }) as const),
        ],
        {
          at: clock.now(),
          audit: [{ by: actorOf(by), action: "person.remove", target: { kind: "person", id }, before: auditedPerson(before) }],
        },
      );
    });
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #find(id: string): Promise<StoredDocument> {
    const document = await this.#ports.documents.get("person", id, this.#ports.clock.now());
    if (document === undefined) throw new RequestError("not-found", { detail: `There is no person ${id}.` });
    return document;
  }

  async #everybody(): Promise<readonly { readonly id: string; readonly body: PersonBody }[]> {
    const found = await everyDocument(this.#ports.documents, "person", { now: this.#ports.clock.now() });
    return found.map(({ id, body }) => ({ id, body: personBody.parse(body) }));
  }

  async #refuseTakenEmail(email: string, except: string | undefined): Promise<void> {
    if ((await this.#everybody()).some(({ id, body }) => id !== except && body.email === email))
      throw new InvalidError([{ path: "/email", message: "Another person already has this address.", code: "email-taken" }]);
  }

  async #refuseWithoutAdmin(without: string): Promise<void> {
    const people = await this.#everybody();
    const wasOne = people.some(({ id, body }) => id === without && isWorkingAdmin(body));
    if (wasOne && !people.some(({ id, body }) => id !== without && isWorkingAdmin(body)))
      throw new RequestError("last-admin", { detail: "Give another person the role admin first." });
  }
}
