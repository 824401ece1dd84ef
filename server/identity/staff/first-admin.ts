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

/** Makes the first person, through a link that the server prints to whoever started it. */
export class FirstAdmin {
  readonly #ports: FirstAdminPorts;

  constructor(ports: FirstAdminPorts) {
    this.#ports = ports;
  }

  /**
   * The token of a fresh link while there is nobody; undefined once a person exists. Earlier links end, because only
   * their hashes are known.
   */
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

  /** Whether a link that was printed can make the first admin now. */
  async isWanted(): Promise<boolean> {
    const { documents, clock } = this.#ports;
    return (await documents.list("setup-link", { limit: 1, now: clock.now() })).length > 0;
  }

  /** Another way in exists by now, so a link that was printed before no longer makes an admin. */
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

  /** Uses the link up. Of two people who use it at once, one becomes the admin and the other gets `link-over`. */
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
      log.info({ person: id }, "The link for the first admin was used. It no longer works.");
      return { id };
    });
  }

  async #over(): Promise<RequestError> {
    const detail = (await this.#somebodyExists())
      ? "There already is an admin. Sign in, or ask the admin for an invitation."
      : "Restart the server to print a new link.";
    return new RequestError("link-over", { detail });
  }

  async #somebodyExists(): Promise<boolean> {
    const { documents, clock } = this.#ports;
    return (await documents.list("person", { limit: 1, now: clock.now() })).length > 0;
  }
}
