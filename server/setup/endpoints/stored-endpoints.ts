import { everyDocument } from "../../documents/every-document.ts";
import { type AuditDraft, DocumentConflictError, type DocumentStore, type StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { endpointRecordSchema, type EndpointTokenRecord, endpointTokenRecordSchema } from "./endpoint-record.ts";

export interface StoredEndpointsPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now">;
}

export interface TokenPlace {
  readonly assistant: string;
  readonly id: string;
}

export interface StoredToken extends EndpointTokenRecord, TokenPlace {
  readonly version: number;
}

/** Endpoints and their tokens as the database holds them. What cannot be read is off, or gone. */
export class StoredEndpoints {
  readonly #ports: StoredEndpointsPorts;

  constructor(ports: StoredEndpointsPorts) {
    this.#ports = ports;
  }

  async isEnabled(assistant: string): Promise<boolean> {
    const found = await this.#ports.documents.get("assistant-endpoint", assistant, this.#ports.clock.now());
    return endpointRecordSchema.safeParse(found?.body).data?.enabled === true;
  }

  /** The keys of all assistants whose endpoint is on. */
  async enabled(): Promise<ReadonlySet<string>> {
    const found = await everyDocument(this.#ports.documents, "assistant-endpoint", { now: this.#ports.clock.now() });
    return new Set(found.filter(({ body }) => endpointRecordSchema.safeParse(body).data?.enabled === true).map(({ id }) => id));
  }

  async setEnabled(assistant: string, enabled: boolean, audit: AuditDraft): Promise<void> {
    const change = { do: "replace", kind: "assistant-endpoint", id: assistant, body: { enabled }, orCreate: true } as const;
    await this.#ports.documents.write([change], { at: this.#ports.clock.now(), audit: [audit] });
  }

  async tokens(assistant: string): Promise<readonly StoredToken[]> {
    const found = await everyDocument(this.#ports.documents, "endpoint-token", { parent: assistant, now: this.#ports.clock.now() });
    return found.flatMap((document) => parsed(document) ?? []).toSorted((one, other) => one.createdAt - other.createdAt);
  }

  async token(place: TokenPlace): Promise<StoredToken | undefined> {
    const found = await this.#ports.documents.get("endpoint-token", idOf(place), this.#ports.clock.now());
    return found === undefined ? undefined : parsed(found);
  }

  async create(place: TokenPlace, body: EndpointTokenRecord, audit: AuditDraft): Promise<void> {
    const change = { do: "create", kind: "endpoint-token", id: idOf(place), parent: place.assistant, body } as const;
    await this.#ports.documents.write([change], { at: this.#ports.clock.now(), audit: [audit] });
  }

  /** Throws `DocumentConflictError`. */
  async replace({ version, assistant, id, ...body }: StoredToken, audit?: AuditDraft): Promise<void> {
    const change = { do: "replace", kind: "endpoint-token", id: idOf({ assistant, id }), ifVersion: version, body } as const;
    await this.#ports.documents.write([change], { at: this.#ports.clock.now(), ...(audit === undefined ? {} : { audit: [audit] }) });
  }

  async delete(place: TokenPlace, audit: AuditDraft): Promise<void> {
    const change = { do: "delete", kind: "endpoint-token", id: idOf(place) } as const;
    await this.#ports.documents.write([change], { at: this.#ports.clock.now(), audit: [audit] });
  }

  /** Notes that a device came or went. A token that changed meanwhile is noted the next time. */
  async saw(place: TokenPlace, address: string): Promise<void> {
    const found = await this.token(place);
    if (found === undefined) return;
    const at = this.#ports.clock.now();
    try {
      await this.replace({ ...found, firstSeenAt: found.firstSeenAt ?? at, lastSeenAt: at, address });
    } catch (error) {
      if (!(error instanceof DocumentConflictError)) throw error;
    }
  }
}

function parsed({ id, version, body }: StoredDocument): StoredToken | undefined {
  const record = endpointTokenRecordSchema.safeParse(body);
  return record.success ? { ...record.data, ...placeOf(id), version } : undefined;
}

/** A document's id, `<assistant>/<token>`. */
export function placeOf(id: string): TokenPlace {
  const end = id.indexOf("/");
  return { assistant: id.slice(0, end), id: id.slice(end + 1) };
}

function idOf({ assistant, id }: TokenPlace): string {
  return `${assistant}/${id}`;
}
