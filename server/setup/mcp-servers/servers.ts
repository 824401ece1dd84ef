import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { searchText } from "../../documents/listed-by.ts";
import { DocumentConflictError, type AuditDraft, type DocumentChange } from "../../documents/ports.ts";
import { onlyAdminsMay } from "./admin-fields.ts";
import { serverTaken, type ApiServer, type ServerAccess } from "./server-access.ts";
import { newRecord, patchedRecord, secretsReplaced } from "./server-changes.ts";
import type { ServerInput, ServerPatch } from "./server-input.ts";
import { openForChange } from "./open-for-change.ts";
import { sealRecord, type OpenRecord } from "./server-secrets.ts";
import { refuseAssigned, refuseEverUsed, type ServerUsePorts } from "./server-use.ts";
import { serverCard, type ServerCard } from "./server-card.ts";
import { knownServer, shownTools, versionedServer } from "./shown-servers.ts";
import { testServer, type TestedServer, type TestServerPorts } from "./test-server.ts";
import { recordView } from "./server-view.ts";

export interface ServersPorts extends ServerUsePorts, TestServerPorts {
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly access: ServerAccess;
  /** The configuration file, if there is one. */
  readonly configPath?: string | undefined;
  /**
   * Ends every connection (stored credential) of a server that moves or is deleted, before its next address is used.
   */
  readonly endConnections: (key: string) => Promise<void>;
}

const MOST_COUNTED = 1000;

/**
 * The MCP servers that staff set up, and those of the configuration file to read. Every method checks whether this
 * person may. Throws `RequestError`, `InvalidError`, and `DocumentConflictError` if another process was quicker.
 */
export class Servers {
  readonly #ports: ServersPorts;

  constructor(ports: ServersPorts) {
    this.#ports = ports;
  }

  /** The servers that this person may use, ordered by identifier; `q` is part of a name or identifier. */
  async list(
    staff: Staff,
    { after, limit, q = "" }: { readonly after?: string; readonly limit: number; readonly q?: string },
  ): Promise<readonly ServerCard[]> {
    const { directory, access } = this.#ports;
    const found: ServerCard[] = [];
    for (const server of directory.all()) {
      if (after !== undefined && server.key <= after) continue;
      if (found.length === limit) break;
      const { name } = server.source === "file" ? server.entry.settings : server.record;
      if (!searchText(`${server.key}\n${name}`).includes(searchText(q))) continue;
      if (await access.allows(staff, server.key, "use")) found.push(await serverCard(this.#ports, staff, server));
    }
    return found;
  }

  /** As its card shows it, with its version, and with what it says of itself whole. */
  async get(staff: Staff, key: string): Promise<{ readonly server: ServerCard; readonly version: number }> {
    const server = await this.#ports.access.usable(staff, key);
    const { server: shown, version } = versionedServer(this.#ports, server);
    return { server: { ...(await serverCard(this.#ports, staff, server)), status: shown.status }, version };
  }

  /** What hangs on a server: it cannot be deleted while an assistant has it, and its sign-ins go with it. */
  async deletion(staff: Staff, key: string): Promise<{ readonly assistants: string[]; readonly signIns: number; readonly shares: number }> {
    const { access, documents, clock } = this.#ports;
    await access.changeable(staff, key);
    const signIns = await documents.list("connection", { parent: key, limit: MOST_COUNTED, now: clock.now() });
    const { people, groups } = await access.shareCounts(key);
    return { assistants: [...(await this.#ports.usedBy(key))], signIns: signIns.length, shares: people + groups };
  }

  /** Saves, then tests. A failed test does not undo the saving: the status in the answer says what is wrong. */
  async create(staff: Staff, input: ServerInput, signal: AbortSignal): Promise<TestedServer> {
    const { key } = input;
    if (this.#ports.directory.get(key) !== undefined) throw serverTaken(key);
    const record = newRecord(input);
    const body = sealRecord(key, record, this.#ports.box);
    const audit = { ...this.#audit(staff, "create", key), after: masked(record) };
    await this.#write([...this.#leftBehind(key), { do: "create", kind: "mcp-server", id: key, body }], audit).catch((error: unknown) => {
      throw error instanceof DocumentConflictError && error.reason === "exists" ? serverTaken(key) : error;
    });
    return testServer(this.#ports, staff, key, signal);
  }

  /**
   * Saves, then tests if anything changed that a link depends on. A server that moves loses its connections, and needs
   * its secrets again (`InvalidError` with the path of each).
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
    const opened = openForChange(server, patch, box);
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
      // Before the write, because the checks that follow it plan by the status.
      const undo = reconnects ? statuses.notTested(key) : undefined;
      const body = sealRecord(key, record, box);
      await this.#write(
        [
          { do: "replace", kind: "mcp-server", id: key, body, ifVersion },
          ...(moved ? [{ do: "delete-children", kind: "connection", parent: key } as const] : []),
        ],
        audit,
      ).catch((error: unknown) => {
        undo?.();
        throw error;
      });
    }
    if (reconnects || nextKey !== key) return testServer(this.#ports, staff, nextKey, options.signal);
    return { ...versionedServer(this.#ports, knownServer(this.#ports, key)), tools: shownTools(this.#ports, key), leftOut: [] };
  }

  /** Deletes it with its tools, shares and connections. Throws `in-use` while an assistant has it. */
  async remove(staff: Staff, key: string, ifVersion: number | undefined): Promise<void> {
    const server = await this.#ports.access.changeable(staff, key);
    sameVersion(server, ifVersion);
    await refuseAssigned(key, this.#ports, "Remove it from them first.");
    await this.#forget(server, [], { ...this.#audit(staff, "delete", key), before: recordView(server.record, server.entry?.settings) });
  }

  /** Tests the server now. */
  async test(staff: Staff, key: string, signal: AbortSignal): Promise<TestedServer> {
    await this.#ports.access.usable(staff, key);
    const tested = await testServer(this.#ports, staff, key, signal);
    const { status, reason } = tested.server.status;
    await this.#write([], { ...this.#audit(staff, "test", key), after: { status, ...(reason === undefined ? {} : { reason }) } });
    return tested;
  }

  /**
   * A new identifier changes the places of the secrets and the names of the tools, so it is possible only while nothing
   * relies on the old one.
   */
  async #rename(server: ApiServer, key: string, record: OpenRecord, audit: AuditDraft): Promise<void> {
    const { directory, box, clock } = this.#ports;
    if (directory.get(key) !== undefined) throw serverTaken(key);
    await refuseEverUsed(server.key, this.#ports, clock.now());
    const body = sealRecord(key, record, box);
    await this.#forget(server, [...this.#leftBehind(key), { do: "create", kind: "mcp-server", id: key, body }], audit);
  }

  async #forget(server: ApiServer, more: readonly DocumentChange[], audit: AuditDraft): Promise<void> {
    const { endConnections } = this.#ports;
    const { key, document } = server;
    await endConnections(key);
    await this.#write(
      [{ do: "delete", kind: "mcp-server", id: key, ifVersion: document.version }, ...this.#leftBehind(key), ...more],
      audit,
    );
  }

  /**
   * What is kept beside a server. A new one must find none of it: whoever might use or manage the server that had this
   * identifier before, perhaps one of the configuration file, may not therefore use this one.
   */
  #leftBehind(key: string): readonly DocumentChange[] {
    const { pins, statuses } = this.#ports;
    return [
      ...pins.endAll(key),
      ...statuses.endAll(key),
      { do: "delete-children", kind: "share", parent: `mcp-server/${key}` },
      { do: "delete-children", kind: "connection", parent: key },
    ];
  }

  #audit(staff: Staff, action: string, key: string): AuditDraft {
    return { by: actorOf(staff), action: `mcp-server.${action}`, target: { kind: "mcp-server", id: key } };
  }

  async #write(changes: readonly DocumentChange[], audit: AuditDraft): Promise<void> {
    await this.#ports.documents.write(changes, { at: this.#ports.clock.now(), audit: [audit] });
  }
}

/** The version to write over. Throws `version-changed`. */
function sameVersion({ document }: ApiServer, ifVersion: number | undefined): number {
  if (ifVersion !== undefined && ifVersion !== document.version) throw new RequestError("version-changed");
  return document.version;
}

function masked(record: OpenRecord): ReturnType<typeof recordView> {
  return recordView(record, record);
}
