import { SecretBoxError, type SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Fault } from "../../tools/mcp/servers/fault.ts";
import type { PinVerdict, RememberedTools, ServerDirectory, ServerEntry, SeenBy } from "../../tools/mcp/servers/ports.ts";
import { authKindOf, isRemote, type McpServerSettings } from "../../tools/mcp/servers/settings.ts";
import type { ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { Follower } from "../../documents/following.ts";
import type { ChangedDocuments, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import { acceptedDefinition } from "./accepted-definition.ts";
import { fingerprint } from "./program-fingerprint.ts";
import { serverRecordSchema, type ServerRecord } from "./server-record.ts";
import { openRecord, settingsOf } from "./server-secrets.ts";
import type { ServerStatuses } from "./server-status.ts";
import type { ToolPins } from "./tool-pins.ts";

/** A server of the configuration file, or one that was set up over the API. */
export type ListedServer =
  | { readonly source: "file"; readonly key: string; readonly entry: ServerEntry }
  | {
      readonly source: "api";
      readonly key: string;
      readonly document: StoredDocument;
      /** Its secrets are sealed. */
      readonly record: ServerRecord;
      /** Undefined: its secrets cannot be opened; `fault` says why. */
      readonly entry: ServerEntry | undefined;
      readonly fault?: string;
    };

export interface DirectoryPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly box: SecretBox;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  /** The servers that the configuration file declares. They win over servers of the same name from the API. */
  readonly fileServers: readonly McpServerSettings[];
}

/** All servers with their present settings: read at the start, and again with every change. */
export class RegisteredServers implements ServerDirectory, Follower {
  readonly kinds = ["mcp-server"] as const;
  readonly #ports: DirectoryPorts;
  readonly #servers = new Map<string, ListedServer>();

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
    for (const settings of ports.fileServers)
      this.#servers.set(settings.key, { source: "file", key: settings.key, entry: { settings, revision: "file" } });
  }

  /** Reads servers, pins and statuses. Before this, none of them is there. */
  async load(): Promise<void> {
    const { documents, clock, pins, statuses } = this.#ports;
    await Promise.all([pins.load(), statuses.load()]);
    for (const document of await everyDocument(documents, "mcp-server", { now: clock.now() })) this.#put(document);
    for (const { key, entry } of this.all()) if (entry !== undefined && authKindOf(entry.settings) === "oauth") pins.afterUpgrade(key);
  }

  async follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const { documents, clock } = this.#ports;
    const keys = changed.flatMap(({ id }) => id ?? this.all().map(({ key }) => key));
    for (const key of new Set(keys)) {
      const document = await documents.get("mcp-server", key, clock.now());
      if (document !== undefined) this.#put(document);
      else if (this.#servers.get(key)?.source === "api") this.#servers.delete(key);
    }
  }

  find(key: string): ServerEntry | undefined {
    return this.#servers.get(key)?.entry;
  }

  observe(key: string, tools: readonly ToolDefinition[], ofCustomer?: string): ReadonlyMap<string, PinVerdict> {
    const server = this.#servers.get(key);
    // The server was deleted while its list was read: none of its tools is offered or kept.
    if (server?.entry === undefined) return new Map(tools.map(({ tool }) => [tool, { use: "hidden", reason: "disabled" }]));
    const { pins } = this.#ports;
    const { settings } = server.entry;
    if (ofCustomer !== undefined) return pins.observeOwn(key, tools, { customerId: ofCustomer, choice: settings });
    return pins.observe(key, tools, {
      scope: "conversation",
      newTools: settings.newTools,
      takesFirst: server.source === "file",
    });
  }

  listGeneration(key: string): number {
    return this.#ports.pins.generation(key);
  }

  saw(key: string, fault: Fault | undefined, by?: SeenBy): void {
    if (this.#servers.has(key)) this.#ports.statuses.saw(key, fault, by);
  }

  pinned(key: string): readonly ToolDefinition[] {
    const definitions: ToolDefinition[] = [];
    for (const pin of this.#ports.pins.of(key).values()) {
      // A tool that nobody has reviewed may be worded for somebody else, and would have to ask before each call.
      if (!pin.enabled || !pin.reviewed || pin.gone || pin.offered !== undefined) continue;
      const definition = acceptedDefinition(pin);
      if (definition !== undefined) definitions.push(definition);
    }
    return definitions.toSorted((left, right) => (left.tool < right.tool ? -1 : 1));
  }

  hasMore(key: string): boolean {
    const { pins } = this.#ports;
    // Gone is what staff's own account lacks; a customer may have it.
    if ([...pins.of(key).values()].some((pin) => pin.enabled && (!pin.reviewed || pin.gone))) return true;
    const newTools = this.find(key)?.settings.newTools;
    return [...pins.proposed(key).values()].some(({ enabled }) => enabled ?? newTools !== "disabled");
  }

  remembered(key: string): RememberedTools | undefined {
    return this.#ports.pins.remembered(key);
  }

  learnt(key: string, tools: readonly ToolDefinition[]): void {
    const server = this.#servers.get(key);
    if (server?.entry === undefined) return;
    const { settings } = server.entry;
    const reading = { scope: "whole", newTools: settings.newTools, takesFirst: server.source === "file" } as const;
    this.#ports.pins.observe(key, tools, reading);
    this.#ports.statuses.learnt(key, { toolCount: tools.length, program: fingerprint(settings) });
  }

  /** The programs whose tools nobody has seen yet, as they are set now. */
  unlearnt(): readonly string[] {
    const { pins, statuses } = this.#ports;
    return this.all().flatMap(({ key, entry }) => {
      if (entry === undefined || isRemote(entry.settings)) return [];
      const program = statuses.programOf(key);
      const isKnown = pins.remembered(key) !== undefined && (program === undefined || program === fingerprint(entry.settings));
      return isKnown ? [] : [key];
    });
  }

  get(key: string): ListedServer | undefined {
    return this.#servers.get(key);
  }

  /** Ordered by identifier. */
  all(): readonly ListedServer[] {
    return [...this.#servers.values()].toSorted((left, right) => (left.key < right.key ? -1 : 1));
  }

  /** Who may use it besides those it is shared with; undefined: there is no such server. */
  accessOf(key: string): "restricted" | "everyone" | undefined {
    const server = this.#servers.get(key);
    // The author of the file gives its servers to assistants there. Staff see them, and only admins may share them.
    return server === undefined ? undefined : server.source === "file" ? "restricted" : server.record.access;
  }

  #put(document: StoredDocument): void {
    const { log } = this.#ports;
    if (this.#servers.get(document.id)?.source === "file") {
      log.warn({ server: document.id }, "the configuration file declares a server that was also set up over the API; the file's is used");
      return;
    }
    const record = serverRecordSchema.safeParse(document.body);
    if (record.success) {
      this.#servers.set(document.id, this.#listed(document, record.data));
      return;
    }
    this.#servers.delete(document.id);
    log.error({ server: document.id }, "an MCP server cannot be used, because its record cannot be read; delete it from the database");
  }

  #listed(document: StoredDocument, record: ServerRecord): ListedServer {
    const key = document.id;
    const { box, log } = this.#ports;
    try {
      const settings = settingsOf(key, openRecord(key, record, box));
      return { source: "api", key, document, record, entry: { settings, revision: `${document.createdAt}.${record.revision}` } };
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      log.error({ server: key, error: error.message }, "an MCP server cannot be used, because its secrets cannot be opened");
      return { source: "api", key, document, record, entry: undefined, fault: error.message };
    }
  }
}
