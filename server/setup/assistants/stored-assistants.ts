import { devicePinsKey } from "../mcp-servers/device-pins.ts";
import { everyDocument } from "../../documents/every-document.ts";
import { pointerTo } from "../../documents/merge-patch.ts";
import type { AuditActor, AuditDraft, DocumentChange, DocumentStore, ListOptions, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import { sealKey } from "./assistant-key.ts";
import { type AssistantRecord, assistantRecordSchema } from "./assistant-record.ts";
import { keepVersion } from "./assistant-versions.ts";
import { auditedAssistant } from "./assistant-view.ts";
import { reserveKey } from "./reserved-keys.ts";
import { differingPaths, KEY_PATH, withoutKey } from "./settings-difference.ts";

export interface StoredAssistantsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StoredAssistant extends AssistantRecord {
  readonly key: string;
  /** Of the document: the `ETag`. */
  readonly version: number;
  /** Of the published settings. */
  readonly number: number;
  /** Whether its versions are kept: since the first change of a newer server. */
  readonly keepsVersions: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is written beside an assistant that is made. */
export interface Beginning {
  readonly action: string;
  readonly by: AuditActor;
  /** The newest version of an earlier assistant with this key. */
  readonly lastVersion: number;
  readonly changes: readonly DocumentChange[];
  readonly audit: readonly AuditDraft[];
}

/** How an assistant comes to other settings. */
export interface Publishing {
  readonly action: "assistant.update" | "assistant.publish" | "assistant.restore";
  readonly by: AuditActor;
  readonly keyReplaced: boolean;
  readonly note?: string | undefined;
  readonly restored?: number | undefined;
  /** Written with it. */
  readonly changes?: readonly DocumentChange[];
}

/**
 * Assistants as the database holds them, with the model's key sealed. One that cannot be read counts as missing, and is
 * logged. Whatever is published is kept as a version, too.
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
  async create(key: string, record: Pick<AssistantRecord, "owner" | "settings">, beginning: Beginning): Promise<StoredAssistant> {
    const at = this.#ports.clock.now();
    const { action, by, changes, audit } = beginning;
    const number = beginning.lastVersion + 1;
    const made: AssistantRecord = { ...record, version: number };
    await this.#ports.documents.write(
      [
        // What somebody wrote in the moment that the one before was deleted is none of the new one's.
        ...ownedBy(key),
        { do: "create", kind: "assistant", id: key, body: sealKey(key, made, this.#ports.box) },
        ...keepVersion(key, { number, at, by, changed: [] }, record.settings),
        ...changes,
      ],
      { at, audit: [{ by, action, target: { kind: "assistant", id: key }, after: auditedAssistant(made) }, ...audit] },
    );
    return { ...made, key, version: 1, number, keepsVersions: true, createdAt: at, updatedAt: at };
  }

  /** Throws `DocumentConflictError`. */
  async replace(
    before: StoredAssistant,
    after: Pick<AssistantRecord, "owner" | "settings">,
    publishing: Publishing,
  ): Promise<StoredAssistant> {
    const { key, version } = before;
    const { action, by, keyReplaced, note, changes = [] } = publishing;
    const at = this.#ports.clock.now();
    const versions = this.#versionsOf(before, after, { ...publishing, at });
    const number = versions.length === 0 ? before.number : before.number + 1;
    const keyVersion = keyReplaced ? number : before.keyVersion;
    const keepsVersions = before.keepsVersions || versions.length > 0;
    const record: AssistantRecord = {
      ...after,
      ...(keepsVersions ? { version: number } : {}),
      ...(keyVersion === undefined ? {} : { keyVersion }),
    };
    const body = sealKey(key, record, this.#ports.box);
    const noted = { ...(keyReplaced ? { apiKeyReplaced: true } : {}), ...(note === undefined ? {} : { note }), version: number };
    await this.#ports.documents.write([{ do: "replace", kind: "assistant", id: key, body, ifVersion: version }, ...versions, ...changes], {
      at,
      audit: [
        {
          by,
          action,
          target: { kind: "assistant", id: key },
          before: auditedAssistant(before),
          after: { ...auditedAssistant(record), ...noted },
        },
      ],
    });
    return { ...before, ...record, version: version + 1, number, keepsVersions, updatedAt: at };
  }

  /** Deletes it with all that is its own, and reserves its key. Throws `DocumentConflictError`. */
  async delete(before: StoredAssistant, ifVersion: number, by: AuditActor): Promise<void> {
    const { key } = before;
    await this.#ports.documents.write([{ do: "delete", kind: "assistant", id: key, ifVersion }, ...ownedBy(key), reserveKey(before)], {
      at: this.#ports.clock.now(),
      audit: [{ by, action: "assistant.delete", target: { kind: "assistant", id: key }, before: auditedAssistant(before) }],
    });
  }

  /** The new version, and the one before where there were none yet. Empty: the settings are the same. */
  #versionsOf(
    before: StoredAssistant,
    { settings }: Pick<AssistantRecord, "settings">,
    { action, by, at, keyReplaced, note, restored }: Publishing & { readonly at: number },
  ): DocumentChange[] {
    const { key, number } = before;
    const changed = [...differingPaths(withoutKey(before.settings), withoutKey(settings)), ...(keyReplaced ? [KEY_PATH] : [])];
    if (changed.length === 0 && action === "assistant.update") return [];
    const earlier = before.keepsVersions ? [] : keepVersion(key, { number, at: before.updatedAt, changed: [] }, before.settings);
    const more = { ...(note === undefined ? {} : { note }), ...(restored === undefined ? {} : { restored }) };
    return [...earlier, ...keepVersion(key, { number: number + 1, at, by, changed, ...more }, settings)];
  }

  #parsed({ id, version, body, createdAt, updatedAt }: StoredDocument): StoredAssistant | undefined {
    const parsed = assistantRecordSchema.safeParse(body);
    if (parsed.success) {
      const { version: number, ...record } = parsed.data;
      return { ...record, key: id, version, number: number ?? 1, keepsVersions: number !== undefined, createdAt, updatedAt };
    }
    this.#ports.log.error(
      { assistant: id, faults: parsed.error.issues.map(({ path, message }) => `${pointerTo(path)}: ${message}`) },
      "An assistant in the database cannot be read and is left out. Make it again over the API.",
    );
    return undefined;
  }
}

/** Ends all that is an assistant's own. */
function ownedBy(key: string): DocumentChange[] {
  const owned = ["connector", "assistant-draft", "assistant-version", "assistant-settings", "assistant-preview", "endpoint-token"] as const;
  return [
    { do: "delete", kind: "sighting", id: key },
    { do: "delete", kind: "assistant-identity", id: key },
    { do: "delete", kind: "assistant-voice", id: key },
    { do: "delete", kind: "assistant-endpoint", id: key },
    { do: "delete-children", kind: "server-tool", parent: devicePinsKey(key) },
    ...owned.map((kind): DocumentChange => ({ do: "delete-children", kind, parent: key })),
  ];
}
