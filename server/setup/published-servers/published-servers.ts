/** What people do with published servers: MCP servers that Frontdesk offers to other assistants. */
import { RequestError } from "../../../protocol/errors.ts";
import { namePosition } from "../../documents/listed-by.ts";
import { everyDocument } from "../../documents/every-document.ts";
import {
  type AuditDraft,
  type DocumentChange,
  DocumentConflictError,
  type DocumentStore,
  type StoredDocument,
} from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { type Fault, InvalidError } from "../../foundation/invalid-error.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { PublishedCall, PublishedCalls } from "../../inbox/published-calls.ts";
import { isOwner } from "../assistants/assistant-record.ts";
import {
  ASK_ASSISTANT,
  OWN_SERVER,
  publishedNames,
  type PublishedServerInput,
  type PublishedServerPatch,
  type PublishedServerRecord,
  publishedServerRecordSchema,
  type PublishedServerView,
  type PublishedTool,
} from "./published-server-record.ts";

export interface PublishedServersPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly calls: Pick<PublishedCalls, "first" | "list">;
  /** `PUBLIC_URL`, or where it listens. */
  readonly publicUrl: () => string;
  /** Undefined: they may publish it. Otherwise why not. */
  readonly sourceFault: (staff: Staff, tool: PublishedTool) => Promise<string | undefined>;
  readonly goodKeys: (server: string) => number;
  /** The last request that was not let in. */
  readonly refused: (server: string) => { readonly at: number; readonly message: string } | undefined;
}

export interface VersionedPublishedServer {
  readonly value: PublishedServerView;
  readonly version: number;
}

interface Found {
  readonly record: PublishedServerRecord;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const KIND = "published-server";

/** Admins see every published server, others their own; what they do not see is not there. */
export class PublishedServers {
  readonly #ports: PublishedServersPorts;

  constructor(ports: PublishedServersPorts) {
    this.#ports = ports;
  }

  /** By name; `after` is a `namePosition`. Throws nothing. */
  async list(
    staff: Staff,
    options: { readonly after?: string; readonly limit: number; readonly q?: string },
  ): Promise<readonly PublishedServerView[]> {
    const { documents, clock } = this.#ports;
    const { limit, after: begin, ...rest } = options;
    const views: PublishedServerView[] = [];
    for (let after = begin; views.length < limit;) {
      const found: readonly StoredDocument[] = await documents.list(KIND, {
        ...rest,
        ...(after === undefined ? {} : { after }),
        by: "name",
        limit,
        now: clock.now(),
      });
      for (const document of found) {
        const record = publishedServerRecordSchema.parse(document.body);
        if (maySee(staff, record)) views.push(await this.#view(document.id, { record, ...timesOf(document) }));
      }
      const last = found.at(-1);
      if (last === undefined || found.length < limit) break;
      after = namePosition(KIND, last.id, last.body);
    }
    return views.slice(0, limit);
  }

  /** Throws `RequestError` `not-found`. */
  async view(staff: Staff, id: string): Promise<VersionedPublishedServer> {
    const found = await this.get(staff, id);
    return { value: await this.#view(id, found), version: found.version };
  }

  /** Throws `RequestError` `not-found`. */
  async get(staff: Staff, id: string): Promise<Found> {
    const document = await this.#ports.documents.get(KIND, id, this.#ports.clock.now());
    const record = document === undefined ? undefined : publishedServerRecordSchema.parse(document.body);
    if (document === undefined || record === undefined || !maySee(staff, record))
      throw new RequestError("not-found", { detail: `There is no published server "${id}".` });
    return { record, version: document.version, ...timesOf(document) };
  }

  /**
   * Whether they may read its log. That of Frontdesk's own server tells of everybody's conversations, so it is for
   * admins. Throws `RequestError` `not-found`.
   */
  async requireLog(staff: Staff, id: string): Promise<void> {
    if (id !== OWN_SERVER || !staff.roles.includes("admin")) await this.get(staff, id);
  }

  /** Throws `InvalidError`. */
  async create(staff: Staff, input: PublishedServerInput): Promise<VersionedPublishedServer> {
    await this.#refuseFaults(staff, input.tools);
    const id = this.#ports.clock.id();
    const { kind, id: ownerId, name } = staff;
    const record: PublishedServerRecord = { ...input, owner: { kind, id: ownerId, name } };
    await this.#ports.documents.write([{ do: "create", kind: KIND, id, body: record }], {
      at: this.#ports.clock.now(),
      audit: [{ ...audit(staff, "create", id), after: record }],
    });
    return this.view(staff, id);
  }

  /** What is named changes. Throws `RequestError` `not-found`, `DocumentConflictError`, or `InvalidError`. */
  async update(staff: Staff, id: string, patch: PublishedServerPatch, ifVersion: number): Promise<VersionedPublishedServer> {
    const { record, version } = await this.get(staff, id);
    if (version !== ifVersion) throw new DocumentConflictError("changed", KIND, id);
    if (patch.tools !== undefined) await this.#refuseFaults(staff, patch.tools, record.tools);
    const after = { ...record, ...patch };
    await this.#ports.documents.write([{ do: "replace", kind: KIND, id, body: after, ifVersion }], {
      at: this.#ports.clock.now(),
      audit: [{ ...audit(staff, "update", id), before: record, after }],
    });
    return this.view(staff, id);
  }

  /** Its address says from now on that it was deleted; its keys and grants are gone. Throws what `update` throws. */
  async remove(staff: Staff, id: string, ifVersion: number): Promise<void> {
    const { record } = await this.get(staff, id);
    const { documents, clock } = this.#ports;
    const grants = (await everyDocument(documents, "grant", { now: clock.now() })).filter(({ body }) => isOf(body, id));
    await documents.write(
      [
        { do: "delete", kind: KIND, id, ifVersion },
        { do: "delete-children", kind: "published-key", parent: id },
        ...grants.map((grant): DocumentChange => ({ do: "delete", kind: "grant", id: grant.id })),
        { do: "create", kind: "deleted-published-server", id, body: { name: record.name } },
      ],
      { at: clock.now(), audit: [{ ...audit(staff, "delete", id), before: record }] },
    );
  }

  /** What was published before may stay, even if whoever changes the rest could not publish it. */
  async #refuseFaults(staff: Staff, tools: readonly PublishedTool[], before: readonly PublishedTool[] = []): Promise<void> {
    const faults: Fault[] = [];
    const known = new Set(before.map(placeOf));
    const seen = new Set<string>();
    for (const [index, tool] of tools.entries()) {
      const at = `/tools/${index}`;
      const fault = known.has(placeOf(tool)) ? undefined : await this.#fault(staff, tool);
      if (fault !== undefined) faults.push({ ...fault, path: `${at}${fault.path}` });
      if (seen.has(placeOf(tool))) faults.push({ path: at, message: "This tool is there twice." });
      seen.add(placeOf(tool));
    }
    const names = publishedNames(tools);
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index && tools[index]?.publishedName !== undefined)
        faults.push({ path: `/tools/${index}/publishedName`, message: `Another tool is published as ${name}.`, code: "name-taken" });
    if (faults.length > 0) throw new InvalidError(faults);
  }

  async #fault(staff: Staff, tool: PublishedTool): Promise<Fault | undefined> {
    if (tool.source === "http" && tool.server !== undefined)
      return { path: "/server", message: "HTTP tools belong to no server. Leave it out." };
    if (tool.source !== "http" && tool.server === undefined)
      return { path: "/server", message: tool.source === "mcp" ? "Name the MCP server." : "Name the assistant's key." };
    if (tool.source === "assistant" && tool.name !== ASK_ASSISTANT)
      return { path: "/name", message: `An assistant has one tool for others: ${ASK_ASSISTANT}.` };
    if (tool.source === "assistant" && tool.permission === "needs_approval")
      return { path: "/permission", message: "Asking an assistant needs no approval: what it does asks by its own permissions." };
    const message = await this.#ports.sourceFault(staff, tool);
    return message === undefined ? undefined : { path: tool.source === "http" ? "/name" : "/server", message };
  }

  async #view(id: string, { record, createdAt, updatedAt }: Omit<Found, "version">): Promise<PublishedServerView> {
    const names = publishedNames(record.tools);
    const { calls, goodKeys } = this.#ports;
    const [last] = await calls.list(id, { limit: 1, filter: { tests: false } });
    const refused = this.#ports.refused(id);
    return {
      id,
      url: `${this.#ports.publicUrl()}/mcp/${id}`,
      ...record,
      tools: record.tools.map((tool, index) => ({ ...tool, publishedName: names[index]! })),
      first: await calls.first(id),
      keys: goodKeys(id),
      ...(last === undefined ? {} : { last: lastOf(last) }),
      ...(refused === undefined ? {} : { refused: { ...refused } }),
      createdAt,
      updatedAt,
    };
  }
}

/** Whether a grant is of this server. */
function isOf(body: unknown, server: string): boolean {
  return typeof body === "object" && body !== null && "server" in body && body.server === server;
}

function lastOf({ at, keyName, clientName, clientVersion, tool, outcome }: PublishedCall): NonNullable<PublishedServerView["last"]> {
  return {
    at,
    tool,
    outcome,
    ...(keyName === undefined ? {} : { keyName }),
    ...(clientName === undefined ? {} : { clientName }),
    ...(clientVersion === undefined ? {} : { clientVersion }),
  };
}

function maySee(staff: Staff, record: Pick<PublishedServerRecord, "owner">): boolean {
  return staff.roles.includes("admin") || isOwner(staff, record);
}

function placeOf({ source, server = "", name }: PublishedTool): string {
  return `${source}/${server}/${name}`;
}

function timesOf({ createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt: number }) {
  return { createdAt, updatedAt };
}

function audit(staff: Staff, action: string, id: string): AuditDraft {
  return { by: actorOf(staff), action: `published-server.${action}`, target: { kind: KIND, id } };
}
