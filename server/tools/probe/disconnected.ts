import type { Fault } from "../mcp/servers/fault.ts";
import type { ServerEntry } from "../mcp/servers/ports.ts";
import { authKindOf, isRemote, safeAddress } from "../mcp/servers/settings.ts";
import type { Fetch } from "../mcp/wire/conversation-fetch.ts";
import { wiresOf } from "../mcp/wire/wires-of.ts";
import { askedCredentials } from "./asked-credentials.ts";
import type { Attempt } from "./attempt.ts";
import { advised } from "./probe-advice.ts";
import { probeAdvice, probeReason } from "./probe-reason.ts";
import type { Probe } from "./prober.ts";

/** How long a server that was not usable may take to show that it speaks another transport. */
const OTHER_WIRE_MS = 3_000;
const WIRE_NAMES = { sse: "SSE", "streamable-http": "Streamable HTTP" } as const;

type Finding = Pick<Probe, "reason" | "detail" | "advice" | "adviceCode" | "asks" | "signIn">;

/** Why an attempt failed, and what to do about it. Never throws. */
export async function disconnected(
  attempt: Attempt,
  error: unknown,
  { entry, fetch, signal }: { readonly entry: ServerEntry; readonly fetch: Fetch; readonly signal: AbortSignal },
): Promise<Probe> {
  const fault = attempt.faultOf(error);
  const { settings } = entry;
  const probe = (finding: Finding): Probe => ({ status: "disconnected", ...finding, tools: [], leftOut: [] });
  if (fault.kind === "authentication" && isRemote(settings)) {
    const asks = await askedCredentials(settings.url, attempt.challenge, fetch, signal);
    const code = authKindOf(settings) === "oauth" ? "connect-account" : probeAdvice(fault, asks);
    const signIn = fault.signIn ?? attempt.lacks;
    const advice = advised(code, { key: settings.key });
    return probe({ reason: probeReason(fault), detail: fault.message, ...advice, asks, ...(signIn === undefined ? {} : { signIn }) });
  }
  const other = await otherWire(attempt, entry, fault, signal);
  return probe(other ?? { reason: probeReason(fault), detail: fault.message, ...advised(probeAdvice(fault)) });
}

/**
 * Nothing there speaks the chosen transport. Finds out whether it speaks the other one, or is not an MCP server at all.
 */
async function otherWire(attempt: Attempt, { settings }: ServerEntry, fault: Fault, signal: AbortSignal): Promise<Finding | undefined> {
  if (!isRemote(settings) || !isUnspoken(fault) || signal.aborted) return undefined;
  const [wire] = wiresOf(settings);
  const chosen = wire === "sse" ? "sse" : "streamable-http";
  const transport = chosen === "sse" ? "streamable-http" : "sse";
  try {
    const link = await attempt.link({ ...settings, transport }, AbortSignal.any([signal, AbortSignal.timeout(OTHER_WIRE_MS)]));
    void link.close();
    return {
      reason: "connection-failed",
      detail: `${settings.name} at ${safeAddress(settings)}: it speaks ${WIRE_NAMES[transport]}, not ${WIRE_NAMES[chosen]}`,
      ...advised("other-transport", { transport }),
    };
  } catch (error) {
    const second = attempt.faultOf(error);
    if (second.kind !== "not-mcp" || fault.kind === "not-mcp") return undefined;
    return { reason: "not-an-mcp-server", detail: second.message, ...advised(probeAdvice(second)) };
  }
}

function isUnspoken({ kind, status }: Fault): boolean {
  return kind === "not-mcp" || (kind === "not-found" && status !== undefined) || kind === "protocol-error";
}
