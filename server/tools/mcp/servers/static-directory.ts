import type { Authorizations, ServerDirectory, ServerEntry } from "./ports.ts";
import { isRemote, type McpServerSettings } from "./settings.ts";

/** The part of the names that is ours. */
const OUR_KEY = "frontdesk";

/**
 * A directory of servers that never changes, in which every tool is offered as it comes. Throws a `TypeError` for two servers with one key, and for the key
 * that is ours.
 */
export function staticDirectory(servers: readonly McpServerSettings[]): ServerDirectory {
  const entries = new Map<string, ServerEntry>();
  for (const settings of servers) {
    if (settings.key === OUR_KEY)
      throw new TypeError(`An MCP server cannot be called "${OUR_KEY}": that name is for the product's own tools.`);
    if (entries.has(settings.key)) throw new TypeError(`Two MCP servers are called "${settings.key}".`);
    entries.set(settings.key, entryOf(settings));
  }
  return {
    find: (key) => entries.get(key),
    observe: (_key, tools) => new Map(tools.map(({ tool }) => [tool, { use: "offered" }])),
    pinned: () => [],
  };
}

/** A server's entry as its settings alone say it. */
export function entryOf(settings: McpServerSettings): ServerEntry {
  const remote = isRemote(settings);
  return {
    settings,
    revision: "0",
    trusted: settings.trusted ?? false,
    auth: remote && settings.auth !== undefined ? "oauth" : remote && settings.headers !== undefined ? "headers" : "none",
    samplingTokens: settings.samplingTokens ?? 0,
    results: settings.results ?? "full",
  };
}

/** For a host without sign-ins: every server that wants one is told as not connected. */
export const noAuthorizations: Authorizations = {
  token: async (server) => ({ need: { server, serverName: server, scopes: [], reason: "first" } }),
  refused: async (server) => ({ need: { server, serverName: server, scopes: [], reason: "first" } }),
};
