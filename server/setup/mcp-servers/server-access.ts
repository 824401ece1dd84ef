import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { ListedServer, RegisteredServers } from "./server-directory.ts";

export interface ServerSharing {
  allows(staff: Staff, resource: { readonly kind: "mcp-server"; readonly id: string }, level: "use" | "manage"): Promise<boolean>;
  list(resource: { readonly kind: "mcp-server"; readonly id: string }): Promise<readonly { readonly grantee: { readonly kind: string } }[]>;
}

export type ApiServer = Extract<ListedServer, { source: "api" }>;

/** Finds servers for people. A person who may not use a server gets the answer that there is none. */
export class ServerAccess {
  readonly #directory: RegisteredServers;
  readonly #sharing: ServerSharing;

  constructor(directory: RegisteredServers, sharing: ServerSharing) {
    this.#directory = directory;
    this.#sharing = sharing;
  }

  async allows(staff: Staff, key: string, level: "use" | "manage"): Promise<boolean> {
    return this.#sharing.allows(staff, { kind: "mcp-server", id: key }, level);
  }

  /** With how many it is shared by name. */
  async shareCounts(key: string): Promise<{ people: number; groups: number }> {
    const shares = await this.#sharing.list({ kind: "mcp-server", id: key });
    const people = shares.filter(({ grantee }) => grantee.kind === "person").length;
    return { people, groups: shares.length - people };
  }

  /** For a person who may use it. Throws `not-found`. */
  async usable(staff: Staff, key: string): Promise<ListedServer> {
    const server = this.#directory.get(key);
    if (server === undefined || !(await this.allows(staff, key, "use"))) throw noServer(key);
    return server;
  }

  /** For a person who may decide about its tools, wherever it was set up. Throws `not-found`, `forbidden`. */
  async manageable(staff: Staff, key: string): Promise<ListedServer> {
    const server = await this.usable(staff, key);
    if (!(await this.allows(staff, key, "manage")))
      throw new RequestError("forbidden", { detail: `You may use the server "${key}", but not change it.` });
    return server;
  }

  /** For a person who may change its settings. Throws `not-found`, `forbidden`, `read-only`. */
  async changeable(staff: Staff, key: string): Promise<ApiServer> {
    const server = await this.manageable(staff, key);
    if (server.source === "file")
      throw new RequestError("read-only", { detail: `The configuration file declares it as mcpServers.${key}. Change it there.` });
    return server;
  }
}

export function noServer(key: string): RequestError {
  return new RequestError("not-found", { detail: `There is no MCP server "${key}".` });
}

export function serverTaken(key: string): RequestError {
  return new RequestError("already-exists", { detail: `A server "${key}" already exists.` });
}
