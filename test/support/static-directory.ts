import * as z from "zod";
import type { Authorizations, RememberedTools, ServerDirectory, ServerEntry } from "../../server/tools/mcp/servers/ports.ts";
import { authOf } from "../../server/tools/mcp/servers/server-auth.ts";
import { localFields, remoteFields } from "../../server/tools/mcp/servers/server-fields.ts";
import type { LocalServerSettings, McpServerSettings, RemoteServerSettings } from "../../server/tools/mcp/servers/settings.ts";

/** What a test has to say of a server; everything else has its default. */
export type WrittenServer = WrittenRemote | WrittenLocal;
export type WrittenRemote = Partial<RemoteServerSettings> & Pick<RemoteServerSettings, "key" | "name" | "url">;
export type WrittenLocal = Partial<LocalServerSettings> & Pick<LocalServerSettings, "key" | "name" | "command">;

/** Fills in the defaults, and judges nothing: tests may write what no owner could. */
export function serverSettings(written: WrittenServer): McpServerSettings {
  if ("command" in written) return { ...defaultsOf(localFields), ...written } as LocalServerSettings;
  const settings = { ...defaultsOf(remoteFields), ...written } as RemoteServerSettings;
  return { ...settings, auth: authOf(written.auth, settings.headers) };
}

function defaultsOf(fields: Readonly<Record<string, z.ZodType>>): object {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) => (field instanceof z.ZodDefault ? [[key, field.parse(undefined)]] : [])),
  );
}

/** A directory of servers that never changes, in which every tool is offered as it comes. */
export function staticDirectory(servers: readonly WrittenServer[]): ServerDirectory {
  const entries = new Map(
    servers.map((written): [string, ServerEntry] => [written.key, { settings: serverSettings(written), revision: "0" }]),
  );
  return {
    find: (key) => entries.get(key),
    observe: (_key, tools) => new Map(tools.map(({ tool }) => [tool, { use: "offered" }])),
    pinned: () => [],
    ...rememberedInMemory(),
  };
}

/** Remembers the tools of programs, all of them accepted. */
export function rememberedInMemory(): Pick<ServerDirectory, "remembered" | "learnt"> {
  const known = new Map<string, RememberedTools>();
  return {
    remembered: (key) => known.get(key),
    learnt: (key, tools) => void known.set(key, { tools, verdicts: new Map(tools.map(({ tool }) => [tool, { use: "offered" }])) }),
  };
}

/** For a host without sign-ins: every server that wants one is reported as not connected. */
export const noAuthorizations: Authorizations = {
  token: async (server) => ({ need: { server, serverName: server, scopes: [], reason: "first" } }),
  refused: async (server) => ({ need: { server, serverName: server, scopes: [], reason: "first" } }),
};
