import { advised } from "./probe-advice.ts";
import type { ToolList } from "../definitions/tool-list.ts";
import type { MissingSignIn } from "../mcp/servers/fault.ts";
import type { ServerEntry } from "../mcp/servers/ports.ts";
import { safeAddress, type McpServerSettings } from "../mcp/servers/settings.ts";
import type { McpLink } from "../mcp/wire/mcp-link.ts";
import { loadMcpSdk } from "../mcp/wire/mcp-sdk.ts";
import { Attempt, type AttemptPorts } from "./attempt.ts";
import { disconnected } from "./disconnected.ts";
import type { Probe, Prober } from "./prober.ts";
import { tryCall } from "./try-call.ts";

/**
 * Speaks with servers outside of conversations: how they are, what they offer, and one call by hand. Each time over a
 * link of its own.
 */
export function createProber(ports: AttemptPorts): Prober {
  return {
    async probe(entry, signal) {
      const attempt = new Attempt(ports, await loadMcpSdk(), entry);
      try {
        return await attempt.inTime(async (limited) => {
          const link = await attempt.link(entry.settings, limited);
          try {
            const startedAt = performance.now();
            const list = await link.listTools(limited);
            return unlessUnsigned(answered(entry.settings, link, list, Math.round(performance.now() - startedAt)), attempt.lacks, entry);
          } finally {
            void link.close();
          }
        }, signal);
      } catch (error) {
        return disconnected(attempt, error, { entry, fetch: ports.fetch, signal });
      }
    },

    call: (entry, request, signal) => tryCall(ports, entry, request, signal),
  };
}

function answered(settings: McpServerSettings, link: McpLink, { tools, leftOut }: ToolList, roundTripMs: number): Probe {
  const { protocolRevision: revision, wire: transport, about } = link;
  const known = {
    roundTripMs,
    transport,
    ...(about === undefined ? {} : { about }),
    ...(revision === undefined ? {} : { protocolRevision: revision }),
    tools,
    leftOut,
  };
  if (tools.length > 0) return { status: "connected", ...known };
  const unusable =
    leftOut.length > 0
      ? `none of its ${leftOut.length} tools can be used (${leftOut[0]?.tool}: ${leftOut[0]?.reason})`
      : "it offers no tools";
  return {
    status: "disconnected",
    reason: "no-tools-found",
    detail: `${settings.name} at ${safeAddress(settings)}: ${unusable}`,
    ...advised("no-tools"),
    ...known,
  };
}

/** A server with OAuth may list its tools to anybody: without a sign-in, nobody can call them all the same. */
function unlessUnsigned(probe: Probe, lacks: MissingSignIn | undefined, { settings }: ServerEntry): Probe {
  if (lacks === undefined || probe.status !== "connected") return probe;
  return {
    ...probe,
    status: "disconnected",
    reason: "authentication-failed",
    detail: `${settings.name} at ${safeAddress(settings)}: it lists its tools, and calling them needs a sign-in`,
    ...advised("connect-account", { key: settings.key }),
    asks: "oauth",
    signIn: lacks,
  };
}
