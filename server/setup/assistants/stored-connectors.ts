import { everyDocument } from "../../documents/every-document.ts";
import type { AuditDraft, DocumentChange, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { type ConnectorRecord, connectorRecordSchema, permissionsOf } from "./connector-record.ts";

export interface StoredConnectorsPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ConnectorPlace {
  readonly assistant: string;
  readonly server: string;
}

export interface StoredConnector extends ConnectorRecord {
  readonly assistant: string;
  readonly version: number;
}

/** Connectors as the database holds them. One that cannot be read counts as missing, and is logged. */
export class StoredConnectors {
  readonly #ports: StoredConnectorsPorts;

  constructor(ports: StoredConnectorsPorts) {
    this.#ports = ports;
  }

  /** All connectors of an assistant, or of all assistants. */
  async all(assistant?: string): Promise<readonly StoredConnector[]> {
    const options = { ...(assistant === undefined ? {} : { parent: assistant }), now: this.#ports.clock.now() };
    return (await everyDocument(this.#ports.documents, "connector", options)).flatMap((document) => this.#parsed(document) ?? []);
  }

  /** Those of an assistant by server, after `after`. */
  async page(assistant: string, { limit, after }: { readonly limit: number; readonly after: string }): Promise<readonly StoredConnector[]> {
    const found: StoredConnector[] = [];
    for (let from = `${assistant}/${after}`; found.length < limit;) {
      const options = { parent: assistant, after: from, limit, now: this.#ports.clock.now() };
      const documents = await this.#ports.documents.list("connector", options);
      found.push(...documents.flatMap((document) => this.#parsed(document) ?? []));
      if (documents.length < limit) break;
      from = documents.at(-1)?.id ?? from;
    }
    return found.slice(0, limit);
  }

  async get(place: ConnectorPlace): Promise<StoredConnector | undefined> {
    const document = await this.#ports.documents.get("connector", idOf(place), this.#ports.clock.now());
    return document === undefined ? undefined : this.#parsed(document);
  }

  /** How a new one is written, together with something else. */
  creation(after: Omit<StoredConnector, "version">, by: AuditDraft["by"]): { readonly change: DocumentChange; readonly audit: AuditDraft } {
    const { id, body } = documentOf(after);
    return {
      change: { do: "create", kind: "connector", id, body, parent: after.assistant },
      audit: { by, action: "connector.create", target: { kind: "connector", id }, after: audited(after) },
    };
  }

  /** Makes it, or replaces `before`. Throws `DocumentConflictError`. */
  async write(
    after: Omit<StoredConnector, "version">,
    before: StoredConnector | undefined,
    audit: Pick<AuditDraft, "by" | "action">,
  ): Promise<StoredConnector> {
    const { id, body } = documentOf(after);
    const how = before === undefined ? ({ do: "create" } as const) : ({ do: "replace", ifVersion: before.version } as const);
    const was = before === undefined ? {} : { before: audited(before) };
    await this.#ports.documents.write([{ ...how, kind: "connector", id, body, parent: after.assistant }], {
      at: this.#ports.clock.now(),
      audit: [{ ...audit, target: { kind: "connector", id }, ...was, after: audited(after) }],
    });
    return { ...after, version: (before?.version ?? 0) + 1 };
  }

  /** Throws `DocumentConflictError`. */
  async delete(before: StoredConnector, ifVersion: number, by: AuditDraft["by"]): Promise<void> {
    const id = idOf(before);
    await this.#ports.documents.write([{ do: "delete", kind: "connector", id, ifVersion }], {
      at: this.#ports.clock.now(),
      audit: [{ by, action: "connector.delete", target: { kind: "connector", id }, before: audited(before) }],
    });
  }

  #parsed({ id, version, body }: StoredDocument): StoredConnector | undefined {
    const parsed = connectorRecordSchema.safeParse(body);
    if (parsed.success) return { ...parsed.data, assistant: id.slice(0, id.indexOf("/")), version };
    this.#ports.log.error(
      { connector: id },
      "A connector in the database cannot be read and is left out. Delete it and add the server again.",
    );
    return undefined;
  }
}

function documentOf({ assistant, server, addedBy, settings }: Omit<StoredConnector, "version">): { id: string; body: ConnectorRecord } {
  return { id: idOf({ assistant, server }), body: { server, addedBy, settings } };
}

function idOf({ assistant, server }: ConnectorPlace): string {
  return `${assistant}/${server}`;
}

function audited({ addedBy: { roles: _roles, ...addedBy }, settings }: Pick<ConnectorRecord, "addedBy" | "settings">): unknown {
  return { addedBy, connection: settings.connection, permissions: permissionsOf(settings) };
}
