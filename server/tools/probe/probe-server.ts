import type { CallContext } from "../../conversation/ports/tools.ts";
import { valueCheck } from "../definitions/argument-check.ts";
import type { ToolList } from "../definitions/tool-list.ts";
import { callByHand } from "../mcp/call-by-hand.ts";
import type { CallEnd } from "../mcp/carry-out.ts";
import { safeAddress, type McpServerSettings } from "../mcp/servers/settings.ts";
import type { McpLink } from "../mcp/wire/mcp-link.ts";
import { loadMcpSdk } from "../mcp/wire/mcp-sdk.ts";
import { Attempt, type AttemptPorts } from "./attempt.ts";
import { disconnected } from "./disconnected.ts";
import type { Probe, ProbedCall, Prober } from "./prober.ts";

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
            return answered(entry.settings, list, link.protocolRevision, Math.round(performance.now() - startedAt));
          } finally {
            void link.close();
          }
        }, signal);
      } catch (error) {
        return disconnected(attempt, error, { entry, fetch: ports.fetch, signal });
      }
    },

    async call(entry, request, signal) {
      const sdk = await loadMcpSdk();
      const attempt = new Attempt(ports, sdk, entry);
      const startedAt = performance.now();
      const ended = (end: Omit<ProbedCall, "durationMs">): ProbedCall => ({
        ...end,
        durationMs: Math.round(performance.now() - startedAt),
      });
      const unfit = valueCheck(request.tool.inputSchema, sdk.validators, () => undefined)(request.arguments);
      if (unfit !== undefined) return ended({ outcome: "refused", content: [], cause: unfit });
      let link: McpLink | undefined;
      try {
        link = await attempt.inTime(async (limited) => attempt.link(entry.settings, limited), signal);
        const { tool: definition, arguments: input, callId } = request;
        const { settings } = entry;
        const context = handContext(callId, signal);
        return ended(endOf(await callByHand(link, { definition, input, context, settings, clock: ports.clock, sdk }), settings));
      } catch (error) {
        return ended({ outcome: "failed", content: [], cause: attempt.faultOf(error).message });
      } finally {
        void link?.close();
      }
    },
  };
}

function endOf(end: CallEnd, { name }: McpServerSettings): Omit<ProbedCall, "durationMs"> {
  if ("content" in end) {
    const { outcome, content, structured, cause } = end;
    return { outcome, content, ...(structured === undefined ? {} : { structured }), ...(cause === undefined ? {} : { cause }) };
  }
  const wants = end.outcome === "paused" ? "asks for more input, which only a conversation can give" : "wants another sign-in";
  return { outcome: "refused", content: [], cause: `${name} ${wants}.` };
}

function answered(settings: McpServerSettings, list: ToolList, revision: string | undefined, roundTripMs: number): Probe {
  const { tools, leftOut } = list;
  const known = { roundTripMs, ...(revision === undefined ? {} : { protocolRevision: revision }), tools, leftOut };
  if (tools.length > 0) return { status: "connected", ...known };
  const unusable =
    leftOut.length > 0
      ? `none of its ${leftOut.length} tools can be used (${leftOut[0]?.tool}: ${leftOut[0]?.reason})`
      : "it offers no tools";
  return {
    status: "disconnected",
    reason: "no-tools-found",
    detail: `${settings.name} at ${safeAddress(settings)}: ${unusable}`,
    advice: "The connection works. Check that these credentials may see tools, and that the server has some.",
    ...known,
  };
}

/** Nobody is there to be asked. */
function handContext(callId: string, signal: AbortSignal): CallContext {
  return {
    callId,
    signal,
    onProgress: () => undefined,
    ask: async () => ({ kind: "input", action: "cancel" }),
    sample: async () => ({ kind: "refused", cause: "A tool that is tried out by hand has no model to ask." }),
    onTask: async () => undefined,
  };
}
