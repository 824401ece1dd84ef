import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { everyDocument } from "../../documents/every-document.ts";
import { pointerTo } from "../../documents/merge-patch.ts";
import type { AuditDraft, DocumentStore, ListOptions, StoredDocument } from "../../documents/ports.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { HttpToolDefinition } from "../../tools/http/definition.ts";
import type { HttpToolDefinitions, UnusableHttpTool } from "../../tools/http/http-tools.ts";
import { definitionOf, type HttpToolRecord, httpToolRecordSchema, mapHeaders } from "./http-tool-record.ts";
import { shownRecord } from "./http-tool-view.ts";

export interface StoredHttpToolsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StoredHttpTool {
  readonly record: HttpToolRecord;
  readonly document: StoredDocument;
}

/** A tool as the pages of assistants list it. Defining a tool also accepts it. */
export interface ListedHttpTool {
  readonly name: string;
  readonly title?: string;
  readonly readOnly: boolean;
  readonly state: "accepted";
}

/** HTTP tools as the database holds them, with headers sealed, and opened for conversations to call. */
export class StoredHttpTools implements HttpToolDefinitions {
  readonly #ports: StoredHttpToolsPorts;
  /** Each tool as it was last read: every call looks it up, and reading costs more than looking. */
  readonly #known = new Map<string, StoredHttpTool>();
  /** By name, what was looked up since any of them changed. */
  readonly #found = new Map<string, Promise<StoredHttpTool | UnusableHttpTool | undefined>>();
  readonly #definitions = new WeakMap<HttpToolRecord, HttpToolDefinition>();

  constructor(ports: StoredHttpToolsPorts) {
    this.#ports = ports;
    ports.documents.onChange(["http-tool"], () => this.#found.clear());
  }

  // ─── For conversations and assistants
  // ───────────────────────────────────────────────────────────────────────────────

  async list(): Promise<readonly (HttpToolDefinition | UnusableHttpTool)[]> {
    return (await this.all()).map((one) => ("record" in one ? this.definition(one.document.id, one.record) : one));
  }

  async find(name: string): Promise<HttpToolDefinition | UnusableHttpTool | undefined> {
    const found = await this.get(name);
    return found === undefined || "unusable" in found ? found : this.definition(name, found.record);
  }

  async usableTools(): Promise<readonly ListedHttpTool[]> {
    return (await this.all()).flatMap((one): readonly ListedHttpTool[] => {
      if ("unusable" in one) return [];
      const { title, readOnly } = shownRecord(one.record);
      return [{ name: one.document.id, ...(title === undefined ? {} : { title }), readOnly, state: "accepted" }];
    });
  }

  // ─── For the registry
  // ───────────────────────────────────────────────────────────────────────────────────────────────

  async all(): Promise<readonly (StoredHttpTool | UnusableHttpTool)[]> {
    const { documents, clock } = this.#ports;
    return (await everyDocument(documents, "http-tool", { now: clock.now() })).map((document) => this.#parsed(document));
  }

  async page(
    options: Omit<ListOptions, "now" | "parent">,
  ): Promise<{ readonly found: readonly (StoredHttpTool | UnusableHttpTool)[]; readonly next?: string }> {
    const documents = await this.#ports.documents.list("http-tool", { ...options, now: this.#ports.clock.now() });
    const found = documents.map((document) => this.#parsed(document));
    const last = documents.at(-1);
    return documents.length < options.limit || last === undefined ? { found } : { found, next: last.id };
  }

  get(name: string): Promise<StoredHttpTool | UnusableHttpTool | undefined> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const reading = this.#get(name);
    this.#found.set(name, reading);
    // What is not there may be any name, and what failed may be there the next time.
    const forget = (): unknown => this.#found.get(name) === reading && this.#found.delete(name);
    reading.then((found) => found ?? forget(), forget);
    return reading;
  }

  async #get(name: string): Promise<StoredHttpTool | UnusableHttpTool | undefined> {
    const document = await this.#ports.documents.get("http-tool", name, this.#ports.clock.now());
    return document === undefined ? undefined : this.#parsed(document);
  }

  /** Throws `SecretBoxError`. */
  opened(name: string, record: HttpToolRecord): HttpToolRecord {
    return mapHeaders(name, record, (text, place) => this.#ports.box.open(text, place));
  }

  definition(name: string, record: HttpToolRecord): HttpToolDefinition | UnusableHttpTool {
    const known = this.#definitions.get(record);
    if (known?.name === name) return known;
    try {
      const made = definitionOf(name, this.opened(name, record));
      this.#definitions.set(record, made);
      return made;
    } catch (error) {
      return { name, unusable: error instanceof Error ? error.message : "Its headers cannot be opened." };
    }
  }

  /** Seals and writes an opened record. Throws `DocumentConflictError`. */
  async write(
    name: string,
    record: HttpToolRecord,
    how: { do: "create" } | { do: "replace"; ifVersion: number },
    audit: AuditDraft,
  ): Promise<void> {
    const body = mapHeaders(name, record, (text, place) => this.#ports.box.seal(text, place));
    await this.#ports.documents.write([{ ...how, kind: "http-tool", id: name, body }], { at: this.#ports.clock.now(), audit: [audit] });
  }

  async delete(name: string, ifVersion: number, audit: AuditDraft): Promise<void> {
    const change = { do: "delete", kind: "http-tool", id: name, ifVersion } as const;
    await this.#ports.documents.write([change], { at: this.#ports.clock.now(), audit: [audit] });
  }

  #parsed(document: StoredDocument): StoredHttpTool | UnusableHttpTool {
    const { id, version, createdAt } = document;
    const known = this.#known.get(id);
    if (known?.document.version === version && known.document.createdAt === createdAt) return known;
    const parsed = httpToolRecordSchema.safeParse(document.body);
    if (parsed.success) {
      const found = { record: parsed.data, document };
      this.#known.set(id, found);
      return found;
    }
    this.#ports.log.error(
      { tool: document.id, faults: parsed.error.issues.map(({ path, message }) => `${pointerTo(path)}: ${message}`) },
      "An HTTP tool in the database cannot be read and is left out. Make it again over the API.",
    );
    return { name: document.id, unusable: "It cannot be read from the database." };
  }
}
