import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import type { DocumentChange, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { Lock } from "../../foundation/lock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { unknownVariables } from "./fill-reply.ts";

const replyBody = z.object({ name: z.string(), text: z.string() });

/** A reply that staff wrote once, to send it often. `name` is what they find it by. */
export interface CannedReply {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly updatedAt: number;
}

export interface CannedRepliesPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly lock: Lock;
}

const KIND = "canned-reply";

/** The canned replies of the whole team. */
export class CannedReplies {
  readonly #ports: CannedRepliesPorts;

  constructor(ports: CannedRepliesPorts) {
    this.#ports = ports;
  }

  /** By name; `after` is a `namePosition`. */
  async list(options: { readonly after?: string; readonly limit: number; readonly q?: string }): Promise<readonly CannedReply[]> {
    const { documents, clock } = this.#ports;
    return (await documents.list(KIND, { ...options, by: "name", now: clock.now() })).map(replyOf);
  }

  /** Throws `not-found`. */
  async get(id: string): Promise<CannedReply> {
    const found = await this.#ports.documents.get(KIND, id, this.#ports.clock.now());
    if (found === undefined) throw new RequestError("not-found", { detail: `There is no canned reply ${id}.` });
    return replyOf(found);
  }

  create(by: Staff, given: { readonly name: string; readonly text: string }): Promise<CannedReply> {
    return this.#ports.lock.run(KIND, async () => {
      await this.#check(given, undefined);
      const id = this.#ports.clock.id();
      await this.#write([{ do: "create", kind: KIND, id, body: given }], { by, action: "canned-reply.create", id, after: given });
      return this.get(id);
    });
  }

  update(
    by: Staff,
    id: string,
    ifVersion: number,
    change: { readonly name?: string | undefined; readonly text?: string | undefined },
  ): Promise<CannedReply> {
    return this.#ports.lock.run(KIND, async () => {
      const { name, text } = await this.get(id);
      const after = { name: change.name ?? name, text: change.text ?? text };
      await this.#check(after, id);
      const changes = [{ do: "replace", kind: KIND, id, body: after, ifVersion }] as const;
      await this.#write(changes, { by, action: "canned-reply.update", id, before: { name, text }, after });
      return this.get(id);
    });
  }

  async remove(by: Staff, id: string, ifVersion: number): Promise<void> {
    const { name, text } = await this.get(id);
    await this.#write([{ do: "delete", kind: KIND, id, ifVersion }], { by, action: "canned-reply.remove", id, before: { name, text } });
  }

  async #check({ name, text }: { readonly name: string; readonly text: string }, except: string | undefined): Promise<void> {
    const unknown = unknownVariables(text);
    if (unknown.length > 0) {
      const message = `There is no variable ${unknown.join(", ")}. There are customer.name, assistant.name, me.name and date.`;
      throw new InvalidError([{ path: "/text", message, code: "unknown-variable" }]);
    }
    const alike = await this.list({ limit: 200, q: name });
    if (alike.some((reply) => reply.id !== except && reply.name.toLowerCase() === name.toLowerCase()))
      throw new InvalidError([
        { path: "/name", message: "A canned reply with this name already exists. Choose another name.", code: "name-taken" },
      ]);
  }

  async #write(
    changes: readonly DocumentChange[],
    { by, action, id, ...what }: { by: Staff; action: string; id: string; before?: unknown; after?: unknown },
  ): Promise<void> {
    const audit = [{ by: actorOf(by), action, target: { kind: KIND, id }, ...what }];
    await this.#ports.documents.write(changes, { at: this.#ports.clock.now(), audit });
  }
}

function replyOf(document: StoredDocument): CannedReply {
  const { name, text } = replyBody.parse(document.body);
  return { id: document.id, version: document.version, name, text, updatedAt: document.updatedAt };
}
