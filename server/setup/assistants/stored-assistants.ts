import { everyDocument } from "../../documents/every-document.ts";
import { pointerTo } from "../../documents/merge-patch.ts";
import type { AuditActor, DocumentStore, ListOptions, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import { sealKey } from "./assistant-key.ts";
import { type AssistantRecord, assistantRecordSchema } from "./assistant-record.ts";
import { auditedAssistant } from "./assistant-view.ts";

export interface StoredAssistantsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StoredAssistant extends AssistantRecord {
  readonly key: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Assistants as the database holds them, with the model's key sealed. One that cannot be read counts as missing, and is
 * logged.
 */
export class StoredAssistants {
  readonly #ports: StoredAssistantsPorts;

  constructor(ports: StoredAssistantsPorts) {
    this.#ports = ports;
  }

  async all(): Promise<readonly StoredAssistant[]> {
    const found = await everyDocument(this.#ports.documents, "assistant", { now: this.#ports.clock.now() });
    return found.flatMap((document) => this.#parsed(document) ?? []);
  }

  /** By key, after `after`; `owner` as `ownerName` writes it. */
  async page(
    options: Omit<ListOptions, "now" | "parent">,
  ): Promise<{ readonly found: readonly StoredAssistant[]; readonly next?: string }> {
    const documents = await this.#ports.documents.list("assistant", { ...options, now: this.#ports.clock.now() });
    const found = documents.flatMap((document) => this.#parsed(document) ?? []);
    const last = documents.at(-1);
    return documents.length < options.limit || last === undefined ? { found } : { found, next: last.id };
  }

  async get(key: string): Promise<StoredAssistant | undefined> {
    const document = await this.#ports.documents.get("assistant", key, this.#ports.clock.now());
    return document === undefined ? undefined : this.#parsed(document);
  }

  /** Makes an assistant. Its key is passed unsealed. Throws `DocumentConflictError`. */
  async create(key: string, record: AssistantRecord, by: AuditActor): Promise<StoredAssistant> {
    const at = this.#ports.clock.now();
    await this.#ports.documents.write([{ do: "create", kind: "assistant", id: key, body: sealKey(key, record, this.#ports.box) }], {
      at,
      audit: [{ by, action: "assistant.create", target: { kind: "assistant", id: key }, after: auditedAssistant(record) }],
    });
    return { ...record, key, version: 1, createdAt: at, updatedAt: at };
  }

  /** `more` is what the audit log notes besides the new state. Throws `DocumentConflictError`. */
  async replace(before: StoredAssistant, record: AssistantRecord, by: AuditActor, more: object): Promise<StoredAssistant> {
    const { key, version } = before;
    const at = this.#ports.clock.now();
    const body = sealKey(key, record, this.#ports.box);
    await this.#ports.documents.write([{ do: "replace", kind: "assistant", id: key, body, ifVersion: version }], {
      at,
      audit: [
        {
          by,
          action: "assistant.update",
          target: { kind: "assistant", id: key },
          before: auditedAssistant(before),
          after: { ...auditedAssistant(record), ...more },
        },
      ],
    });
    return { ...before, ...record, version: version + 1, updatedAt: at };
  }

  /** Deletes it with its connectors. Throws `DocumentConflictError`. */
  async delete(before: StoredAssistant, ifVersion: number, by: AuditActor): Promise<void> {
    const { key } = before;
    await this.#ports.documents.write(
      [
        { do: "delete", kind: "assistant", id: key, ifVersion },
        { do: "delete-children", kind: "connector", parent: key },
        { do: "delete", kind: "sighting", id: key },
      ],
      {
        at: this.#ports.clock.now(),
        audit: [{ by, action: "assistant.delete", target: { kind: "assistant", id: key }, before: auditedAssistant(before) }],
      },
    );
  }

  #parsed({ id, version, body, createdAt, updatedAt }: StoredDocument): StoredAssistant | undefined {
    const parsed = assistantRecordSchema.safeParse(body);
    if (parsed.success) return { ...parsed.data, key: id, version, createdAt, updatedAt };
    this.#ports.log.error(
      { assistant: id, faults: parsed.error.issues.map(({ path, message }) => `${pointerTo(path)}: ${message}`) },
      "An assistant in the database cannot be read and is left out. Make it again over the API.",
    );
    return undefined;
  }
}
