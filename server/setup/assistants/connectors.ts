/** Which servers an assistant uses, with whose sign-in, and what it may do with each tool. */
import { RequestError } from "../../../protocol/errors.ts";
import { connectorOf } from "../../configuration/assistant-of.ts";
import { permissionOf as permissionAt, type Connector } from "../../conversation/ports/assistant.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { AssistantRegistry, Versioned } from "./assistants.ts";
import {
  type Adder,
  type ConnectorDetail,
  type ConnectorInput,
  connectorInputSchema,
  type ConnectorPatch,
  type ConnectorRecord,
  connectorRecordSchema,
  type ConnectorView,
  permissionsOf,
  type Suspension,
} from "./connector-record.ts";
import { refusalOf, type StandingPorts, suspensionOf } from "./connector-standing.ts";
import { everyDocument } from "../../documents/every-document.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { mergePatch, parseOrInvalid } from "../../documents/merge-patch.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";

export interface ConnectorRegistryPorts extends StandingPorts {
  readonly documents: DocumentStore;
  readonly assistants: AssistantRegistry;
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

/** Whoever may change an assistant may change its connectors, as far as they may use the server. */
export class ConnectorRegistry {
  readonly #ports: ConnectorRegistryPorts;

  constructor(ports: ConnectorRegistryPorts) {
    this.#ports = ports;
  }

  /** By server. Throws `RequestError` `not-found` for an assistant that this person may not see. */
  async list(staff: Staff, assistant: string): Promise<readonly ConnectorView[]> {
    await this.#ports.assistants.get(staff, assistant);
    const declared = this.#declared(assistant);
    if (declared !== undefined) return Promise.all(declared.connectors.map((connector) => this.#view(connector)));
    const stored = await this.stored(assistant);
    return Promise.all(stored.map(async (one) => this.#viewOfStored(one)));
  }

  /** Throws `RequestError` `not-found`. */
  async get(staff: Staff, { assistant, server }: ConnectorPlace): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.get(staff, assistant);
    const declared = this.#declared(assistant);
    if (declared === undefined) return this.#detail(await this.#find(assistant, server));
    const connector = declared.connectors.find((candidate) => candidate.server === server);
    if (connector === undefined) throw missing(assistant, server);
    return { value: await this.#withTools(await this.#view(connector), connector), version: undefined };
  }

  /**
   * Gives an assistant a server. Throws `RequestError` `not-found`, `read-only` or `forbidden`; `InvalidError`; `DocumentConflictError` when the assistant has
   * it already.
   */
  async add(staff: Staff, place: ConnectorPlace, settings: ConnectorInput): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.editable(staff, place.assistant);
    await this.#usable(staff, place.server, settings);
    return this.#write(staff, undefined, { ...place, addedBy: adderOf(staff), settings });
  }

  /**
   * Puts these settings in place of all that there are. Who added it stays the one, as long as they may use the server; else it is whoever does this. Throws
   * what `add` throws, and `DocumentConflictError` when it was changed meanwhile.
   */
  async replace(
    staff: Staff,
    place: ConnectorPlace,
    settings: ConnectorInput,
    ifVersion: number | undefined,
  ): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.editable(staff, place.assistant);
    const before = await this.#find(place.assistant, place.server);
    await this.#usable(staff, place.server, settings);
    const stands = (await suspensionOf({ ...before, settings }, this.#ports)) === undefined;
    const after = { ...before, addedBy: stands ? before.addedBy : adderOf(staff), settings };
    return this.#write(staff, { ...before, version: ifVersion ?? before.version }, after);
  }

  /** Changes what the patch names. Throws what `replace` throws. */
  async update(
    staff: Staff,
    place: ConnectorPlace,
    patch: ConnectorPatch,
    ifVersion: number | undefined,
  ): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.editable(staff, place.assistant);
    const { settings } = await this.#find(place.assistant, place.server);
    return this.replace(staff, place, parseOrInvalid(connectorInputSchema, mergePatch(settings, patch)), ifVersion);
  }

  /**
   * Every accepted tool that says of itself that it only reads is always allowed from now on. A tool that is disabled by its name stays so. Throws what `replace`
   * throws.
   */
  async allowReadOnly(
    staff: Staff,
    { assistant, server }: ConnectorPlace,
  ): Promise<Versioned<ConnectorDetail> & { readonly allowed: readonly string[] }> {
    await this.#ports.assistants.editable(staff, assistant);
    const before = await this.#find(assistant, server);
    await this.#usable(staff, server, before.settings);
    const permissions = permissionsOf(before.settings);
    const tools = (await this.#ports.servers.tools(server)).filter(
      ({ name, readOnly, state }) => readOnly && state === "accepted" && own(permissions, name)?.permission !== "disabled",
    );
    const allowed = tools.map(({ name }) => name);
    const rest = own(permissions, "*") ?? { approver: "customer", rememberable: false, safeToRepeat: false };
    const added = allowed.map((name) => [name, { ...(own(permissions, name) ?? rest), permission: "always_allow" as const }] as const);
    const settings = { ...before.settings, permissions: { ...before.settings.permissions, ...Object.fromEntries(added) } };
    return { ...(await this.#write(staff, before, { ...before, settings }, "connector.allow-read-only")), allowed };
  }

  /** Takes a server away from an assistant; also one that may not be used any more. */
  async remove(staff: Staff, { assistant, server }: ConnectorPlace, ifVersion: number | undefined): Promise<void> {
    await this.#ports.assistants.editable(staff, assistant);
    const before = await this.#find(assistant, server);
    const id = `${assistant}/${server}`;
    await this.#ports.documents.write([{ do: "delete", kind: "connector", id, ifVersion: ifVersion ?? before.version }], {
      at: this.#ports.clock.now(),
      audit: [{ by: actorOf(staff), action: "connector.delete", target: { kind: "connector", id }, before: audited(before) }],
    });
  }

  /** All of an assistant, or all. One that cannot be read is left out and logged. */
  async stored(assistant?: string): Promise<readonly StoredConnector[]> {
    const options = { ...(assistant === undefined ? {} : { parent: assistant }), now: this.#ports.clock.now() };
    return (await everyDocument(this.#ports.documents, "connector", options)).flatMap((document) => this.#parsed(document) ?? []);
  }

  /** The keys of the assistants that have a server, whether it has an effect there or not. */
  async usedBy(server: string): Promise<readonly string[]> {
    const declared = this.#ports.assistants
      .declared()
      .filter(({ connectors }) => connectors.some((connector) => connector.server === server));
    const stored = (await this.stored()).filter((connector) => connector.server === server);
    return [...new Set([...declared.map(({ key }) => key), ...stored.map(({ assistant }) => assistant)])].toSorted();
  }

  async #usable(staff: Staff, server: string, { connection }: ConnectorInput): Promise<void> {
    const found = await this.#ports.servers.find(server);
    const refusal = found === undefined ? undefined : await refusalOf(staff, server, connection, this.#ports);
    // Whoever may not use a server is not told whether there is one.
    if (found === undefined || refusal?.reason === "share-ended")
      throw new RequestError(staff.roles.includes("admin") ? "not-found" : "forbidden", {
        detail: `There is no MCP server ${server} that ${staff.name} may use.`,
      });
    if (refusal !== undefined) throw new RequestError("forbidden", { detail: refusal.message });
    if (connection === "personal" && found.auth !== "oauth")
      throw new InvalidError([
        { path: "/connection", message: `The MCP server ${server} has no sign-in for customers: its authentication is ${found.auth}.` },
      ]);
  }

  async #write(
    staff: Staff,
    before: StoredConnector | undefined,
    after: Omit<StoredConnector, "version">,
    action?: string,
  ): Promise<Versioned<ConnectorDetail>> {
    const id = `${after.assistant}/${after.server}`;
    const body: ConnectorRecord = { server: after.server, addedBy: after.addedBy, settings: after.settings };
    await this.#ports.documents.write(
      [
        before === undefined
          ? { do: "create", kind: "connector", id, body, parent: after.assistant }
          : { do: "replace", kind: "connector", id, body, parent: after.assistant, ifVersion: before.version },
      ],
      {
        at: this.#ports.clock.now(),
        audit: [
          {
            by: actorOf(staff),
            action: action ?? (before === undefined ? "connector.create" : "connector.update"),
            target: { kind: "connector", id },
            ...(before === undefined ? {} : { before: audited(before) }),
            after: audited(after),
          },
        ],
      },
    );
    return this.#detail({ ...after, version: (before?.version ?? 0) + 1 });
  }

  #declared(assistant: string): Assistant | undefined {
    return this.#ports.assistants.declared().find(({ key }) => key === assistant);
  }

  async #find(assistant: string, server: string): Promise<StoredConnector> {
    const found = await this.#stored(assistant, server);
    if (found === undefined) throw missing(assistant, server);
    return found;
  }

  async #stored(assistant: string, server: string): Promise<StoredConnector | undefined> {
    const document = await this.#ports.documents.get("connector", `${assistant}/${server}`, this.#ports.clock.now());
    return document === undefined ? undefined : this.#parsed(document);
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

  async #viewOfStored(stored: StoredConnector): Promise<ConnectorView> {
    const { roles: _roles, ...addedBy } = stored.addedBy;
    return { ...(await this.#view(connectorOf(stored.server, stored.settings), await suspensionOf(stored, this.#ports))), addedBy };
  }

  async #detail(stored: StoredConnector): Promise<Versioned<ConnectorDetail>> {
    const shown = await this.#viewOfStored(stored);
    return { value: await this.#withTools(shown, connectorOf(stored.server, stored.settings)), version: stored.version };
  }

  async #view(connector: Connector, suspended?: Suspension): Promise<ConnectorView> {
    const server = await this.#ports.servers.find(connector.server);
    return {
      server: connector.server,
      serverName: server?.name ?? connector.server,
      connection: connector.method ?? "shared",
      permissions: { ...connector.permissions },
      ...(suspended === undefined ? {} : { suspended }),
      status: server?.status ?? { status: "disconnected", reason: "server-not-found", detail: "There is no such server any more." },
      toolCount: server?.toolCount ?? 0,
    };
  }

  async #withTools(shown: ConnectorView, connector: Connector): Promise<ConnectorDetail> {
    const tools = await this.#ports.servers.tools(connector.server);
    const assistant = { connectors: [connector] };
    return { ...shown, tools: tools.map((tool) => ({ ...tool, ...permissionAt(assistant, connector.server, tool.name) })) };
  }
}

function adderOf({ kind, id, name, roles }: Staff): Adder {
  return { kind, id, name, ...(kind === "key" ? { roles: [...roles] } : {}) };
}

function audited({ addedBy: { roles: _roles, ...addedBy }, settings }: Pick<ConnectorRecord, "addedBy" | "settings">): unknown {
  return { addedBy, connection: settings.connection, permissions: permissionsOf(settings) };
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function missing(assistant: string, server: string): RequestError {
  return new RequestError("not-found", { detail: `The assistant ${assistant} has no MCP server ${server}.` });
}
