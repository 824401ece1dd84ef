import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { toolNames } from "../../tools/definitions/tool-name.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { DocumentConflictError, type AuditDraft, type DocumentChange } from "../../documents/ports.ts";
import type { Prober } from "../../tools/probe/prober.ts";
import { noServer, serverTaken, type ApiServer, type ServerAccess } from "./server-access.ts";
import { newRecord, patchedRecord, secretsReplaced } from "./server-changes.ts";
import type { ListedServer, RegisteredServers } from "./server-directory.ts";
import type { ServerInput, ServerPatch } from "./server-input.ts";
import { openRecord, sealRecord, type OpenRecord } from "./server-secrets.ts";
import type { ServerStatuses } from "./server-status.ts";
import { refuseAssigned, refuseEverUsed, type ServerUsePorts } from "./server-use.ts";
import { recordView, serverView, type ServerView } from "./server-view.ts";
import type { ToolPins } from "./tool-pins.ts";
import { toolView, type ToolView } from "./tool-view.ts";

export interface ServersPorts extends ServerUsePorts {
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly directory: RegisteredServers;
  readonly access: ServerAccess;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  readonly prober: Prober;
  /** Ends every connection (credential) of a server that moves or is deleted, before its next address is used. */
  readonly endConnections: (key: string) => Promise<void>;
}

/** A server with its version, for `ETag`. */
export interface VersionedServer {
  readonly server: ServerView;
  readonly version: number;
}

/** What saving or testing a server found. */
export interface TestedServer extends VersionedServer {
  readonly tools: readonly ToolView[];
  readonly leftOut: readonly { readonly tool: string; readonly reason: string }[];
}

/**
 * The MCP servers that staff set up, and those of the configuration file to read. Every method checks whether this person may. Throws `RequestError`,
 * `InvalidError`, and `DocumentConflictError` where another process was quicker.
 */
export class Servers {
  readonly #ports: ServersPorts;

  constructor(ports: ServersPorts) {
    this.#ports = ports;
  }

  /** Those that this person may use, in the order of their identifiers. */
  async list(staff: Staff, { after, limit }: { readonly after?: string; readonly limit: number }): Promise<readonly ServerView[]> {
    const { directory, access } = this.#ports;
    const found: ServerView[] = [];
    for (const server of directory.all()) {
      if (after !== undefined && server.key <= after) continue;
      if (found.length === limit) break;
      if (await access.allows(staff, server.key, "use")) found.push(this.#view(server));
    }
    return found;
  }

  async get(staff: Staff, key: string): Promise<VersionedServer> {
    return this.#versioned(await this.#ports.access.usable(staff, key));
  }

  /** Saves, then tests. A test that fails does not undo the saving: the answer's status says what is wrong. */
  async create(staff: Staff, input: ServerInput, signal: AbortSignal): Promise<TestedServer> {
    const { key } = input;
    if (this.#ports.directory.get(key) !== undefined) throw serverTaken(key);
    const record = newRecord(input);
    const body = sealRecord(key, record, this.#ports.box);
    const audit = { ...this.#audit(staff, "create", key), after: masked(record) };
    await this.#write([{ do: "create", kind: "mcp-server", id: key, body }], audit).catch((error: unknown) => {
      throw error instanceof DocumentConflictError && error.reason === "exists" ? serverTaken(key) : error;
    });
    return this.#test(staff, key, signal);
  }

  /**
   * Saves; then tests, if anything changed that a connection depends on. A server that moves loses its connections, and asks for its secrets again
   * (`InvalidError` with the path of each).
   */
  async update(
    staff: Staff,
    key: string,
    patch: ServerPatch,
    options: { readonly ifVersion: number | undefined; readonly signal: AbortSignal },
  ): Promise<TestedServer> {
    const { access, box, endConnections, statuses } = this.#ports;
    const server = await access.changeable(staff, key);
    const ifVersion = sameVersion(server, options.ifVersion);
    onlyAdminsMay(staff, server, patch);
    const opened = this.#opened(server, patch);
    const { record, reconnects, moved } = patchedRecord(opened, patch);
    const nextKey = patch.key ?? key;
    const replaced = secretsReplaced(opened, record);
    const audit: AuditDraft = {
      ...this.#audit(staff, "update", key),
      before: masked(opened),
      after: {
        ...masked(record),
        ...(nextKey === key ? {} : { key: nextKey }),
        ...(replaced.length === 0 ? {} : { secretsReplaced: replaced }),
      },
    };
    if (nextKey !== key) {
      await this.#rename(server, nextKey, record, audit);
    } else {
      if (moved) await endConnections(key);
      // Before the write: whoever follows it plans the next check by the status.
      if (reconnects) statuses.notTested(key);
      const body = sealRecord(key, record, box);
      await this.#write(
        [
          { do: "replace", kind: "mcp-server", id: key, body, ifVersion },
          ...(moved ? [{ do: "delete-children", kind: "connection", parent: key } as const] : []),
        ],
        audit,
      );
    }
    if (reconnects || nextKey !== key) return this.#test(staff, nextKey, options.signal);
    return { ...this.#versioned(this.#known(key)), tools: this.toolViews(key), leftOut: [] };
  }

  /** Deletes it with its tools, shares and connections. Throws `in-use` while an assistant has it. */
  async remove(staff: Staff, key: string, ifVersion: number | undefined): Promise<void> {
    const server = await this.#ports.access.changeable(staff, key);
    sameVersion(server, ifVersion);
    await refuseAssigned(key, this.#ports, "Remove it from them first.");
    await this.#forget(server, [], { ...this.#audit(staff, "delete", key), before: recordView(server.record, server.entry?.settings) });
  }

  /** Looks at the server now. */
  async test(staff: Staff, key: string, signal: AbortSignal): Promise<TestedServer> {
    await this.#ports.access.usable(staff, key);
    const tested = await this.#test(staff, key, signal);
    const { status, reason } = tested.server.status;
    await this.#write([], { ...this.#audit(staff, "test", key), after: { status, ...(reason === undefined ? {} : { reason }) } });
    return tested;
  }

  /** In the order of their names. The caller has checked who asks. */
  toolViews(key: string): readonly ToolView[] {
    const pins = [...this.#ports.pins.of(key)].toSorted(([left], [right]) => (left < right ? -1 : 1));
    const names = toolNames(
      key,
      pins.map(([tool]) => tool),
    );
    return pins.map(([tool, pin], index) => toolView(tool, names[index] ?? tool, pin));
  }

  async #test(staff: Staff, key: string, signal: AbortSignal): Promise<TestedServer> {
    const { directory, prober, pins, statuses } = this.#ports;
    const server = this.#known(key);
    const { entry } = server;
    if (entry === undefined) throw new RequestError("server-unusable", { detail: server.source === "api" ? (server.fault ?? "") : "" });
    const probe = await prober.probe(entry, signal);
    // Saved again meanwhile, or nobody waits any more: what was found is about settings that may not be there now.
    if (signal.aborted || directory.find(key)?.revision !== entry.revision) throw new RequestError("version-changed");
    const newTools = entry.settings.newTools;
    if (probe.status === "connected" || probe.reason === "no-tools-found")
      pins.observe(key, probe.tools, { scope: "whole", newTools, takesFirst: true, by: staff.name });
    statuses.tested(key, probe);
    await Promise.all([pins.settled(), statuses.settled()]);
    return { ...this.#versioned(this.#known(key)), tools: this.toolViews(key), leftOut: probe.leftOut };
  }

  /** Another identifier means other places for the secrets, and other names for the tools: possible while nobody relies on the old one. */
  async #rename(server: ApiServer, key: string, record: OpenRecord, audit: AuditDraft): Promise<void> {
    const { directory, box, clock } = this.#ports;
    if (directory.get(key) !== undefined) throw serverTaken(key);
    await refuseEverUsed(server.key, this.#ports, clock.now());
    await this.#forget(server, [{ do: "create", kind: "mcp-server", id: key, body: sealRecord(key, record, box) }], audit);
  }

  async #forget(server: ApiServer, more: readonly DocumentChange[], audit: AuditDraft): Promise<void> {
    const { pins, statuses, endConnections } = this.#ports;
    const { key, document } = server;
    await endConnections(key);
    await this.#write(
      [
        { do: "delete", kind: "mcp-server", id: key, ifVersion: document.version },
        ...pins.endAll(key),
        ...statuses.endAll(key),
        { do: "delete-children", kind: "share", parent: `mcp-server/${key}` },
        { do: "delete-children", kind: "connection", parent: key },
        ...more,
      ],
      audit,
    );
  }

  /** Secrets that cannot be opened can still be replaced: all of them at once. */
  #opened(server: ApiServer, patch: ServerPatch): OpenRecord {
    const { key, record, entry, fault = "" } = server;
    if (entry !== undefined) return openRecord(key, record, this.#ports.box);
    if (patch.url === undefined)
      throw new InvalidError([
        {
          path: "/url",
          message: `Its secrets cannot be opened. ${fault} Send the address, and with it each header and the client's secret.`,
        },
      ]);
    const { oauth } = record.auth;
    const unreadable = "unreadable";
    return {
      ...record,
      url: unreadable,
      headers: Object.fromEntries(Object.keys(record.headers).map((name) => [name, unreadable])),
      auth: { ...record.auth, ...(oauth?.clientSecret === undefined ? {} : { oauth: { ...oauth, clientSecret: unreadable } }) },
    };
  }

  #audit(staff: Staff, action: string, key: string): AuditDraft {
    return { by: actorOf(staff), action: `mcp-server.${action}`, target: { kind: "mcp-server", id: key } };
  }

  async #write(changes: readonly DocumentChange[], audit: AuditDraft): Promise<void> {
    await this.#ports.documents.write(changes, { at: this.#ports.clock.now(), audit: [audit] });
  }

  #known(key: string): ListedServer {
    const server = this.#ports.directory.get(key);
    if (server === undefined) throw noServer(key);
    return server;
  }

  #view(server: ListedServer): ServerView {
    return serverView(server, this.#ports.statuses.of(server.key), this.#ports.pins.of(server.key));
  }

  #versioned(server: ListedServer): VersionedServer {
    return { server: this.#view(server), version: server.source === "api" ? server.document.version : 1 };
  }
}

/** What lets a server spend tokens or be believed is not for those whom a server was shared with. Throws `forbidden`. */
function onlyAdminsMay(staff: Staff, { record }: ApiServer, patch: ServerPatch): void {
  if (staff.roles.includes("admin")) return;
  const { samplingTokens = record.samplingTokens, trusted = record.trusted } = patch;
  if (samplingTokens !== record.samplingTokens || trusted !== record.trusted)
    throw new RequestError("forbidden", { detail: "Only an admin may change samplingTokens and trusted." });
}

/** The version to write over. Throws `version-changed`. */
function sameVersion({ document }: ApiServer, ifVersion: number | undefined): number {
  if (ifVersion !== undefined && ifVersion !== document.version) throw new RequestError("version-changed");
  return document.version;
}

function masked(record: OpenRecord): ReturnType<typeof recordView> {
  return recordView(record, record);
}
