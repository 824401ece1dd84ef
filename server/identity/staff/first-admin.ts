import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { everyDocument } from "../../documents/every-document.ts";
import { DocumentConflictError, type DocumentStore } from "../../documents/ports.ts";
import type { Lock } from "../../foundation/lock.ts";
import { STAFF_LOCK } from "./staff-lock.ts";
import { randomToken, tokenId } from "./one-time-token.ts";
import { passwordAccount, type PasswordHashing } from "./password-account.ts";
import { auditedPerson, type PersonBody } from "./person-record.ts";

/** How long the printed link can be used. */
export const SETUP_LINK_MS = 24 * 60 * 60 * 1000;

export interface FirstAdminPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Pick<Log, "info">;
  readonly lock: Lock;
  readonly passwords: Pick<PasswordHashing, "hash">;
  readonly token?: () => string;
}

/** Makes the first person, by a link that whoever started the server reads in its output. */
export class FirstAdmin {
  readonly #ports: FirstAdminPorts;

  constructor(ports: FirstAdminPorts) {
    this.#ports = ports;
  }

  /** The token of a fresh link while there is nobody; undefined once somebody exists. Earlier links end, as only their hash is known. */
  async renewLink(): Promise<string | undefined> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    if (await this.#somebodyExists()) return undefined;
    const earlier = await everyDocument(documents, "setup-link", { now });
    const token = (this.#ports.token ?? randomToken)();
    await documents.write(
      [
        ...earlier.map(({ id }) => ({ do: "delete", kind: "setup-link", id }) as const),
        { do: "create", kind: "setup-link", id: tokenId(token), body: {}, expiresAt: now + SETUP_LINK_MS },
      ],
      { at: now },
    );
    return token;
  }

  /** There is another way in by now, so no link that was printed before makes an admin. */
  async endLinks(): Promise<undefined> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    const links = await everyDocument(documents, "setup-link", { now });
    if (links.length > 0) {
      await documents.write(
        links.map(({ id }) => ({ do: "delete", kind: "setup-link", id }) as const),
        { at: now },
      );
    }
    return undefined;
  }

  /** Uses the link up. Of two at the same time one is the admin and the other is told `link-over`. */
  async create(given: {
    readonly token: string;
    readonly name: string;
    readonly email: string;
    readonly password: string;
  }): Promise<{ readonly id: string }> {
    const { documents, clock, log, lock, passwords } = this.#ports;
    const link = await documents.get("setup-link", tokenId(given.token), clock.now());
    if (link === undefined) throw await this.#over();
    const hash = await passwords.hash(given.password);
    return lock.run(STAFF_LOCK, async () => {
      if (await this.#somebodyExists()) throw await this.#over();
      const id = clock.id();
      const at = clock.now();
      const body: PersonBody = {
        name: given.name,
        email: given.email,
        emailVerified: false,
        roles: ["admin"],
        groups: [],
        disabled: false,
        joinedAt: at,
      };
      try {
        await documents.write(
          [
            { do: "delete", kind: "setup-link", id: link.id, ifVersion: link.version },
            { do: "create", kind: "person", id, body },
            passwordAccount(id, hash),
          ],
          {
            at,
            audit: [
              {
                by: { kind: "person", id, name: given.name },
                action: "person.setup",
                target: { kind: "person", id },
                after: auditedPerson(body),
              },
            ],
          },
        );
      } catch (error) {
        throw error instanceof DocumentConflictError ? await this.#over() : error;
      }
      log.info({ person: id }, "The link for the first admin was used. It is over now.");
      return { id };
    });
  }

  async #over(): Promise<RequestError> {
    const detail = (await this.#somebodyExists()) ? "There is an admin already." : "Start the server again for a new one.";
    return new RequestError("link-over", { detail });
  }

  async #somebodyExists(): Promise<boolean> {
    const { documents, clock } = this.#ports;
    return (await documents.list("person", { limit: 1, now: clock.now() })).length > 0;
  }
}
