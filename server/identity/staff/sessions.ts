import { RequestError } from "../../../protocol/errors.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { AuditDraft, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "./actions.ts";
import { actorOf } from "./actor-of.ts";
import { type Session, sessionIdOf, sessionOf } from "./session-record.ts";

export interface SessionsPorts {
  readonly documents: Pick<DocumentStore, "get" | "list" | "write">;
  readonly clock: Pick<Clock, "now">;
}

/** Where people are signed in. One that is ended is refused from the next request on. */
export class Sessions {
  readonly #ports: SessionsPorts;

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
  }

  /** Those of a person, newest first. Throws `RequestError` `not-found`. */
  async of(person: string): Promise<readonly Session[]> {
    const { documents, clock } = this.#ports;
    if ((await documents.get("person", person, clock.now())) === undefined)
      throw new RequestError("not-found", { detail: `There is no person ${person}.` });
    return (await this.#documentsOf(person)).map(sessionOf).toSorted(newestFirst);
  }

  /** Throws `RequestError` `not-found`. */
  async end(by: Staff, person: string, id: string): Promise<void> {
    const ended = await this.#end(by, person, (session) => session === id);
    if (ended === 0) throw new RequestError("not-found", { detail: "There is no such session: it may have ended." });
  }

  /** Every session of a person but the one that asks. Returns how many ended. */
  async endOthers(by: Staff, person: string): Promise<number> {
    return this.#end(by, person, (session) => session !== by.session);
  }

  /** Ends the session that a browser had before it signed in anew, whoever's it was. */
  async endReplaced(before: Staff): Promise<void> {
    await this.#end(before, before.id, (session) => session === before.session);
  }

  async #end(by: Staff, person: string, which: (session: string) => boolean): Promise<number> {
    const { documents, clock } = this.#ports;
    const found = (await this.#documentsOf(person)).filter((document) => which(sessionIdOf(document)));
    if (found.length === 0) return 0;
    await documents.write(
      found.map(({ kind, id }) => ({ do: "delete", kind, id })),
      { at: clock.now(), audit: found.map((document) => audited(by, person, document)) },
    );
    return found.length;
  }

  /** Few: a person makes one with each sign-in, and it ends after a week without use. */
  #documentsOf(person: string): Promise<readonly StoredDocument[]> {
    return everyDocument(this.#ports.documents, "staff-session", { parent: person, now: this.#ports.clock.now() });
  }
}

function audited(by: Staff, person: string, document: StoredDocument): AuditDraft {
  const { id, createdAt, browser, system } = sessionOf(document);
  return {
    by: actorOf(by),
    action: "session.end",
    target: { kind: "person", id: person },
    before: { session: id, createdAt, ...(browser === undefined ? {} : { browser }), ...(system === undefined ? {} : { system }) },
  };
}

function newestFirst(left: Session, right: Session): number {
  return right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1);
}
