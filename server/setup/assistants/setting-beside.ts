import type * as z from "zod";
import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentKind, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import { mayEdit } from "./assistant-record.ts";
import type { AssistantRegistry, Versioned } from "./assistants.ts";

export interface SettingBesidePorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** What differs from one such setting to the next. A record holds its secrets in the open. */
export interface BesideKind<Kept, Input, View> {
  readonly kind: Extract<DocumentKind, "assistant-identity" | "assistant-voice">;
  /** In the audit log. */
  readonly action: string;
  readonly schema: z.ZodType<Kept>;
  /** Where nothing is set. */
  readonly none: Kept;
  /** In the place of what cannot be read. */
  readonly unread: Kept;
  /** For the log. */
  readonly unreadText: string;
  /** What the configuration file says. */
  readonly declared: (assistant: Assistant) => Kept | undefined;
  readonly view: (record: Kept, source: "file" | "api") => View;
  /** What was sent, with the secrets that were not sent again. Throws `InvalidError`. */
  readonly merged: (input: Input, before: Kept) => Kept;
  /** The record with what `map` makes of each secret; `place` names it within the record. */
  readonly mapSecrets: (record: Kept, map: (secret: string, place: string) => string) => Kept;
}

/**
 * A setting of assistants beside their versions, so that a change holds at once, and that going back to an earlier
 * version brings no secret back that was taken away (decisions 0038 and 0055).
 */
export class SettingBeside<Kept, Input, View> {
  readonly #ports: SettingBesidePorts;
  readonly #is: BesideKind<Kept, Input, View>;

  constructor(ports: SettingBesidePorts, is: BesideKind<Kept, Input, View>) {
    this.#ports = ports;
    this.#is = is;
  }

  /** Those of all assistants that have one, by key, with their secrets, as conversations need them. */
  async all(): Promise<ReadonlyMap<string, Kept>> {
    const found = await everyDocument(this.#ports.documents, this.#is.kind, { now: this.#ports.clock.now() });
    return new Map(found.map((document) => [document.id, this.#opened(document)] as const));
  }

  /** Throws `RequestError` `not-found` or `forbidden`. */
  async get(staff: Staff, assistant: string, assistants: AssistantRegistry): Promise<Versioned<View>> {
    const { none, declared, view } = this.#is;
    const inFile = assistants.declared().find(({ key }) => key === assistant);
    if (inFile !== undefined) {
      await assistants.checkVisible(staff, assistant);
      return { value: view(declared(inFile) ?? none, "file"), version: undefined };
    }
    const visible = await assistants.visible(staff, assistant);
    // Who may only read conversations has no business with its keys.
    if (!mayEdit(staff, visible)) await assistants.editable(staff, assistant);
    const { record, version } = await this.#find(assistant);
    return { value: view(record, "api"), version };
  }

  /** With its secrets, for a test of it; the file's are the admins'. Throws `RequestError` `not-found` or `forbidden`. */
  async toTest(staff: Staff, assistant: string, assistants: AssistantRegistry): Promise<Kept> {
    await assistants.checkTestable(staff, assistant);
    const inFile = assistants.declared().find(({ key }) => key === assistant);
    return inFile === undefined ? (await this.#find(assistant)).record : (this.#is.declared(inFile) ?? this.#is.none);
  }

  /** Throws `RequestError` `not-found`, `read-only` or `forbidden`; `InvalidError`; `DocumentConflictError`. */
  async replace(
    staff: Staff,
    { assistant, input, ifVersion }: { readonly assistant: string; readonly input: Input; readonly ifVersion: number | undefined },
    assistants: AssistantRegistry,
  ): Promise<Versioned<View>> {
    const { kind, action, view, merged, mapSecrets } = this.#is;
    await assistants.editable(staff, assistant);
    const before = await this.#find(assistant);
    const record = merged(input, before.record);
    const version = ifVersion ?? before.version;
    const sealed = mapSecrets(record, (secret, place) => this.#ports.box.seal(secret, this.#placeOf(assistant, place)));
    const document = { kind, id: assistant, body: sealed } as const;
    const value = view(record, "api");
    await this.#ports.documents.write(
      [before.version === 0 && version === 0 ? { do: "create", ...document } : { do: "replace", ...document, ifVersion: version }],
      {
        at: this.#ports.clock.now(),
        audit: [
          {
            by: actorOf(staff),
            action,
            target: { kind: "assistant", id: assistant },
            before: view(before.record, "api"),
            after: value,
          },
        ],
      },
    );
    return { value, version: version + 1 };
  }

  async #find(assistant: string): Promise<{ readonly record: Kept; readonly version: number }> {
    const found = await this.#ports.documents.get(this.#is.kind, assistant, this.#ports.clock.now());
    return found === undefined ? { record: this.#is.none, version: 0 } : { record: this.#opened(found), version: found.version };
  }

  #opened({ id, body }: StoredDocument): Kept {
    const { schema, mapSecrets, unread, unreadText } = this.#is;
    try {
      return mapSecrets(schema.parse(body), (sealed, place) => this.#ports.box.open(sealed, this.#placeOf(id, place)));
    } catch (error) {
      this.#ports.log.error({ assistant: id, error: String(error) }, unreadText);
      return unread;
    }
  }

  /** What a secret is sealed for: in another place it does not open. */
  #placeOf(assistant: string, place: string): string {
    return `${this.#is.kind}/${assistant}/${place}`;
  }
}
