/** The servers that an assistant uses, whose sign-in each uses, and the permission of each tool. */
import { RequestError } from "../../../protocol/errors.ts";
import { connectorOf } from "../../configuration/assistant-of.ts";
import type { AuditDraft, DocumentChange } from "../../documents/ports.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { AssistantRegistry, Versioned } from "./assistants.ts";
import {
  type Adder,
  type ConnectorDetail,
  type ConnectorInput,
  connectorInputSchema,
  type ConnectorPatch,
  type ConnectorView,
  permissionsOf,
} from "./connector-record.ts";
import { onceEach } from "./once-each.ts";
import { refusalOf, type StandingPorts, suspensionOf } from "./connector-standing.ts";
import { connectorView, storedConnectorView, withTools } from "./connector-views.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { mergePatch, parseOrInvalid } from "../../documents/merge-patch.ts";
import { type ConnectorPlace, type StoredConnector, StoredConnectors, type StoredConnectorsPorts } from "./stored-connectors.ts";

export interface ConnectorRegistryPorts extends StandingPorts, StoredConnectorsPorts {
  readonly assistants: AssistantRegistry;
}

export interface LeftOutConnector {
  readonly server: string;
  readonly reason: string;
}

export interface ConnectorCopies {
  readonly changes: readonly DocumentChange[];
  readonly audit: readonly AuditDraft[];
  readonly leftOut: readonly LeftOutConnector[];
}

/** Whoever may change an assistant may change its connectors, as far as they may use the server. */
export class ConnectorRegistry {
  readonly #ports: ConnectorRegistryPorts;
  readonly #stored: StoredConnectors;

  constructor(ports: ConnectorRegistryPorts) {
    this.#ports = ports;
    this.#stored = new StoredConnectors(ports);
  }

  /** By server, after `after`. Throws `RequestError` `not-found` for an assistant that this person may not see. */
  async list(
    staff: Staff,
    assistant: string,
    { limit, after = "" }: { readonly limit: number; readonly after?: string },
  ): Promise<readonly ConnectorView[]> {
    await this.#ports.assistants.checkVisible(staff, assistant);
    const declared = this.#declared(assistant);
    if (declared !== undefined) {
      const sorted = declared.connectors
        .filter(({ server }) => server > after)
        .toSorted((one, other) => (one.server < other.server ? -1 : 1));
      return Promise.all(sorted.slice(0, limit).map((connector) => connectorView(this.#ports, { assistant, connector })));
    }
    const ports = { ...this.#ports, people: onceEach(this.#ports.people) };
    return Promise.all((await this.#stored.page(assistant, { limit, after })).map((one) => storedConnectorView(ports, one)));
  }

  /** Throws `RequestError` `not-found`. */
  async get(staff: Staff, { assistant, server }: ConnectorPlace): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.get(staff, assistant);
    const declared = this.#declared(assistant);
    if (declared === undefined) return this.#detail(await this.#find({ assistant, server }));
    const connector = declared.connectors.find((candidate) => candidate.server === server);
    if (connector === undefined) throw missing({ assistant, server });
    const place = { assistant, connector };
    return { value: await withTools(this.#ports, await connectorView(this.#ports, place), place), version: undefined };
  }

  /**
   * Gives an assistant a server. Throws `RequestError` `not-found`, `read-only` or `forbidden`; `InvalidError`;
   * `DocumentConflictError` if the assistant already has it.
   */
  async add(staff: Staff, place: ConnectorPlace, settings: ConnectorInput): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.editable(staff, place.assistant);
    await this.#usable(staff, place, settings);
    return this.#write(staff, undefined, { ...place, addedBy: adderOf(staff), settings });
  }

  /**
   * Replaces all settings. The person who added it stays the same as long as they may use the server; otherwise it
   * becomes whoever does this. Throws what `add` throws, and `DocumentConflictError` if it was changed in the meantime.
   */
  async replace(
    staff: Staff,
    place: ConnectorPlace,
    settings: ConnectorInput,
    ifVersion: number | undefined,
  ): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.editable(staff, place.assistant);
    const before = await this.#find(place);
    await this.#usable(staff, place, settings);
    const stands = (await suspensionOf({ ...before, settings }, this.#ports)) === undefined;
    const after = { ...before, addedBy: stands ? before.addedBy : adderOf(staff), settings };
    return this.#write(staff, { ...before, version: ifVersion ?? before.version }, after);
  }

  /** Changes only what the patch names. Throws what `replace` throws. */
  async update(
    staff: Staff,
    place: ConnectorPlace,
    patch: ConnectorPatch,
    ifVersion: number | undefined,
  ): Promise<Versioned<ConnectorDetail>> {
    await this.#ports.assistants.editable(staff, place.assistant);
    const { settings } = await this.#find(place);
    return this.replace(staff, place, parseOrInvalid(connectorInputSchema, mergePatch(settings, patch)), ifVersion);
  }

  /**
   * Sets every accepted tool that calls itself read-only to `always_allow`. A tool that is disabled by its name stays
   * disabled. Throws what `replace` throws.
   */
  async allowReadOnly(
    staff: Staff,
    { assistant, server }: ConnectorPlace,
  ): Promise<Versioned<ConnectorDetail> & { readonly allowed: readonly string[] }> {
    await this.#ports.assistants.editable(staff, assistant);
    const before = await this.#find({ assistant, server });
    await this.#usable(staff, { assistant, server }, before.settings);
    const permissions = permissionsOf(before.settings);
    const tools = (await this.#ports.servers.tools(server, assistant)).filter(
      ({ name, readOnly, state }) => readOnly && state === "accepted" && own(permissions, name)?.permission !== "disabled",
    );
    const allowed = tools.map(({ name }) => name);
    const rest = own(permissions, "*") ?? { approver: "customer", rememberable: false, safeToRepeat: false };
    const added = allowed.map((name) => [name, { ...(own(permissions, name) ?? rest), permission: "always_allow" as const }] as const);
    const settings = { ...before.settings, permissions: { ...before.settings.permissions, ...Object.fromEntries(added) } };
    return { ...(await this.#write(staff, before, { ...before, settings }, "connector.allow-read-only")), allowed };
  }

  /** Removes a server from an assistant, even one that may no longer be used. */
  async remove(staff: Staff, { assistant, server }: ConnectorPlace, ifVersion: number | undefined): Promise<void> {
    await this.#ports.assistants.editable(staff, assistant);
    const before = await this.#find({ assistant, server });
    await this.#stored.delete(before, ifVersion ?? before.version, actorOf(staff));
  }

  /** The connectors of one assistant, to be written for another one of this person, as far as they may use the servers. */
  async copies(staff: Staff, { from, to }: { from: string; to: string }): Promise<ConnectorCopies> {
    const given = await this.#settingsOf(from);
    const found = await Promise.all(
      given.map(async ({ server, settings }) => ({
        server,
        settings,
        reason: await this.#refusal(staff, { assistant: to, server }, settings),
      })),
    );
    const made = found
      .filter(({ reason }) => reason === undefined)
      .map(({ server, settings }) => this.#stored.creation({ assistant: to, server, addedBy: adderOf(staff), settings }, actorOf(staff)));
    return {
      changes: made.map(({ change }) => change),
      audit: made.map(({ audit }) => audit),
      leftOut: found.flatMap(({ server, reason }) => (reason === undefined ? [] : [{ server, reason }])),
    };
  }

  async #settingsOf(assistant: string): Promise<readonly { readonly server: string; readonly settings: ConnectorInput }[]> {
    const declared = this.#declared(assistant);
    if (declared === undefined) return this.stored(assistant);
    return declared.connectors.map(({ server, method = "shared", permissions, bind }) => ({
      server,
      settings: { connection: method, permissions: { ...permissions }, ...(bind === undefined ? {} : { bind: { ...bind } }) },
    }));
  }

  /** Why this person may not give an assistant this server; undefined: they may. */
  async #refusal(staff: Staff, place: ConnectorPlace, settings: ConnectorInput): Promise<string | undefined> {
    try {
      await this.#usable(staff, place, settings);
      return undefined;
    } catch (error) {
      if (error instanceof RequestError) return error.detail ?? error.message;
      if (error instanceof InvalidError) return error.faults.map(({ message }) => message).join(" ");
      throw error;
    }
  }

  /** All connectors of an assistant, or of all assistants. One that cannot be read is left out and logged. */
  async stored(assistant?: string): Promise<readonly StoredConnector[]> {
    return this.#stored.all(assistant);
  }

  /** The keys of the assistants that have a server, even where it has no effect. */
  async usedBy(server: string): Promise<readonly string[]> {
    const declared = this.#ports.assistants
      .declared()
      .filter(({ connectors }) => connectors.some((connector) => connector.server === server));
    const stored = (await this.stored()).filter((connector) => connector.server === server);
    return [...new Set([...declared.map(({ key }) => key), ...stored.map(({ assistant }) => assistant)])].toSorted();
  }

  async #usable(staff: Staff, { assistant, server }: ConnectorPlace, { connection }: ConnectorInput): Promise<void> {
    const found = await this.#ports.servers.find(server, assistant);
    const refusal = found === undefined ? undefined : await refusalOf(staff, server, connection, this.#ports);
    // People who may not use a server do not learn whether it exists.
    if (found === undefined || refusal?.reason === "share-ended")
      throw new RequestError(staff.roles.includes("admin") ? "not-found" : "forbidden", {
        detail: `There is no MCP server ${server} that ${staff.name} may use.`,
      });
    if (refusal !== undefined) throw new RequestError("forbidden", { detail: refusal.message });
    if (connection === "personal" && found.auth !== "oauth")
      throw new InvalidError([
        {
          path: "/connection",
          message: `The MCP server ${server} has no sign-in for customers: its authentication is ${found.auth}.`,
          code: "no-sign-in",
        },
      ]);
  }

  async #write(
    staff: Staff,
    before: StoredConnector | undefined,
    after: Omit<StoredConnector, "version">,
    action?: string,
  ): Promise<Versioned<ConnectorDetail>> {
    const done = action ?? (before === undefined ? "connector.create" : "connector.update");
    return this.#detail(await this.#stored.write(after, before, { by: actorOf(staff), action: done }));
  }

  #declared(assistant: string): Assistant | undefined {
    return this.#ports.assistants.declared().find(({ key }) => key === assistant);
  }

  async #find(place: ConnectorPlace): Promise<StoredConnector> {
    const found = await this.#stored.get(place);
    if (found === undefined) throw missing(place);
    return found;
  }

  async #detail(stored: StoredConnector): Promise<Versioned<ConnectorDetail>> {
    const shown = await storedConnectorView(this.#ports, stored);
    const { assistant, server, settings, version } = stored;
    return { value: await withTools(this.#ports, shown, { assistant, connector: connectorOf(server, settings) }), version };
  }
}

function adderOf({ kind, id, name, roles }: Staff): Adder {
  return { kind, id, name, ...(kind === "key" ? { roles: [...roles] } : {}) };
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function missing({ assistant, server }: ConnectorPlace): RequestError {
  return new RequestError("not-found", { detail: `The assistant ${assistant} has no MCP server ${server}.` });
}
