import type { IdentitySettings } from "../../conversation/ports/assistant.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { mayEdit } from "./assistant-record.ts";
import type { AssistantRegistry, Versioned } from "./assistants.ts";
import {
  type IdentityInput,
  type IdentityRecord,
  identityRecordSchema,
  type IdentityView,
  identityView,
  NO_IDENTITY,
  withKeptSecrets,
} from "./identity-record.ts";

export interface AssistantIdentitiesPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/**
 * How assistants' sites say who their customers are: beside their versions, so that a change holds at once, and that
 * going back to an earlier version brings no key back that was taken away (decision 0038).
 */
export class AssistantIdentities {
  readonly #ports: AssistantIdentitiesPorts;

  constructor(ports: AssistantIdentitiesPorts) {
    this.#ports = ports;
  }

  /** Those of all assistants whose sites say something, by key, with their secrets, as conversations need them. */
  async all(): Promise<ReadonlyMap<string, IdentitySettings>> {
    const found = await everyDocument(this.#ports.documents, "assistant-identity", { now: this.#ports.clock.now() });
    return new Map(found.map((document) => [document.id, this.#opened(document)] as const));
  }

  /** Throws `RequestError` `not-found` or `forbidden`. */
  async get(staff: Staff, assistant: string, assistants: AssistantRegistry): Promise<Versioned<IdentityView>> {
    const declared = assistants.declared().find(({ key }) => key === assistant);
    if (declared !== undefined) {
      await assistants.checkVisible(staff, assistant);
      const { identity } = declared;
      const record = identity === undefined ? NO_IDENTITY : identityRecordSchema.parse(identity);
      return { value: identityView(record, "file"), version: undefined };
    }
    const visible = await assistants.visible(staff, assistant);
    // Who may only read conversations has no business with the site's keys.
    if (!mayEdit(staff, visible)) await assistants.editable(staff, assistant);
    const { record, version } = await this.#find(assistant);
    return { value: identityView(record, "api"), version };
  }

  /** Throws `RequestError` `not-found`, `read-only` or `forbidden`; `InvalidError`; `DocumentConflictError`. */
  async replace(
    staff: Staff,
    { assistant, input, ifVersion }: { readonly assistant: string; readonly input: IdentityInput; readonly ifVersion: number | undefined },
    assistants: AssistantRegistry,
  ): Promise<Versioned<IdentityView>> {
    await assistants.editable(staff, assistant);
    const before = await this.#find(assistant);
    const record = withKeptSecrets(input, before.record);
    const version = ifVersion ?? before.version;
    const document = { kind: "assistant-identity", id: assistant, body: this.#sealed(assistant, record) } as const;
    await this.#ports.documents.write(
      [before.version === 0 && version === 0 ? { do: "create", ...document } : { do: "replace", ...document, ifVersion: version }],
      {
        at: this.#ports.clock.now(),
        audit: [
          {
            by: actorOf(staff),
            action: "assistant.identity",
            target: { kind: "assistant", id: assistant },
            before: identityView(before.record, "api"),
            after: identityView(record, "api"),
          },
        ],
      },
    );
    return { value: identityView(record, "api"), version: version + 1 };
  }

  async #find(assistant: string): Promise<{ readonly record: IdentityRecord; readonly version: number }> {
    const found = await this.#ports.documents.get("assistant-identity", assistant, this.#ports.clock.now());
    return found === undefined ? { record: NO_IDENTITY, version: 0 } : { record: this.#opened(found), version: found.version };
  }

  #sealed(assistant: string, record: IdentityRecord): IdentityRecord {
    return mapSecrets(record, (secret, index) => this.#ports.box.seal(secret, placeOf(assistant, index)));
  }

  /**
   * What cannot be read lets nobody in as anybody: of an assistant that is for identified customers only, nobody chats
   * until it is set again.
   */
  #opened({ id, body }: StoredDocument): IdentityRecord {
    try {
      return mapSecrets(identityRecordSchema.parse(body), (sealed, index) => this.#ports.box.open(sealed, placeOf(id, index)));
    } catch (error) {
      this.#ports.log.error(
        { assistant: id, error: String(error) },
        "How an assistant's customers are known cannot be read. Set it again.",
      );
      return { mode: "enforced", keys: [], prompt: [] };
    }
  }
}

function mapSecrets(record: IdentityRecord, map: (secret: string, index: number) => string): IdentityRecord {
  const keys = record.keys.map((key, index) => (key.algorithm === "HS256" ? { ...key, secret: map(key.secret, index) } : key));
  return { ...record, keys };
}

function placeOf(assistant: string, index: number): string {
  return `assistant-identity/${assistant}/keys/${index}/secret`;
}
