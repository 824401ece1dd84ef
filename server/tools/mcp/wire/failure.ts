import type { Fault, FaultKind } from "../servers/fault.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import { safeAddress, type McpServerSettings } from "../servers/settings.ts";

const CAUSE_CHARACTERS = 400;

const NETWORK: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ENOTFOUND: ["not-found", "its host name is not known"],
  EAI_AGAIN: ["not-found", "its host name could not be looked up"],
  ECONNREFUSED: ["not-found", "the connection was refused"],
  ENOENT: ["not-found", "there is no such program"],
  EACCES: ["not-found", "it may not be started"],
  EHOSTUNREACH: ["connection-failed", "its host cannot be reached"],
  ENETUNREACH: ["connection-failed", "its network cannot be reached"],
  UND_ERR_CONNECT_TIMEOUT: ["timeout", "the connection took too long"],
  FETCH_REFUSED: ["blocked", "its address is not allowed"],
  SIGN_IN_UNKNOWN: ["authentication", "its sign-in cannot be used now"],
};

/** Reads what the MCP client, its transports or the fetch below threw. */
export function faultOf(error: unknown, settings: McpServerSettings, sdk: McpSdk): Fault {
  const where = safeAddress(settings);
  const fault = (kind: FaultKind, text: string, more: { beforeSending?: boolean; status?: number; code?: string } = {}): Fault => ({
    kind,
    message: plainLine(`${settings.name} at ${where}: ${text}`, CAUSE_CHARACTERS),
    beforeSending: more.beforeSending ?? false,
    ...(more.status === undefined ? {} : { status: more.status }),
    ...(more.code === undefined ? {} : { code: more.code }),
  });

  const chain = causes(error);
  for (const cause of chain) {
    const code = codeOf(cause, sdk);
    const known = Object.hasOwn(NETWORK, code) ? NETWORK[code] : undefined;
    if (known !== undefined)
      return fault(known[0], code === "FETCH_REFUSED" || code === "SIGN_IN_UNKNOWN" ? messageOf(cause) : `${known[1]} (${code})`, {
        beforeSending: true,
        code,
      });
    if (/CERT|SELF_SIGNED|^ERR_TLS|UNABLE_TO_(?:VERIFY|GET)/.test(code))
      return fault("connection-failed", `its certificate is not trusted (${code})`, { beforeSending: true, code });
    const broken = brokenLine(code, cause);
    if (broken !== undefined) return fault("connection-failed", broken.text, { beforeSending: broken.beforeSending, code: broken.code });
  }
  for (const cause of chain) {
    const status = statusOf(cause, sdk);
    if (status === undefined) continue;
    if (status === 401 || status === 403) return fault("authentication", `it refused our credentials (HTTP ${status})`, { status });
    if (status === 404 || status === 405 || status === 410)
      return fault("not-found", `there is no MCP endpoint at this path (HTTP ${status})`, { status });
    if (status < 300) return fault("not-mcp", "what answers there is not an MCP server (its answer is no stream of events)", { status });
    if (status < 400) return fault("connection-failed", `it redirects elsewhere (HTTP ${status}), which is not followed`, { status });
    return fault("protocol-error", `it answered with HTTP ${status}`, { status });
  }
  if (error instanceof sdk.ProtocolError) return fault("protocol-error", `it answered with error ${error.code}: ${error.message}`);
  if (error instanceof sdk.SdkError) {
    if (error.code === "REQUEST_TIMEOUT") return fault("timeout", "it did not answer in time");
    if (error.code === "CONNECTION_CLOSED") return fault("connection-failed", "the connection was closed");
    if (error.code === "NOT_CONNECTED") return fault("connection-failed", "there is no connection", { beforeSending: true });
    if (/content[ -]type|unusable reply/i.test(error.message))
      return fault("not-mcp", `what answers there is not an MCP server (${error.message})`);
    // The SDK's own check of the first answer, as a list of everything that JSON-RPC could have been.
    if (error.code === "ERA_NEGOTIATION_FAILED" && /"code": "invalid_|not valid JSON|JSON at position/.test(error.message))
      return fault("not-mcp", "what answers there is not an MCP server (its answer is not JSON-RPC)");
    return fault(error.code === "ERA_NEGOTIATION_FAILED" ? "connection-failed" : "protocol-error", error.message);
  }
  if (error instanceof sdk.SseError) return fault("not-mcp", `what answers there is not an MCP server over SSE (${error.message})`);
  return fault("connection-failed", chain.map(messageOf).join(": "));
}

/** The fault of a server that did not get ready in `limitMs`. */
export function tooSlow(settings: McpServerSettings, limitMs: number): Fault {
  return {
    kind: "timeout",
    message: `${settings.name} at ${safeAddress(settings)}: it was not ready within ${limitMs} ms`,
    beforeSending: true,
  };
}

/** What staff read about a call whose answer did not come in time. */
export function silenceOf(settings: McpServerSettings): string {
  return `${settings.name} sent nothing for ${settings.callTimeoutMs} ms, or took too long altogether.`;
}

function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let current = error; current !== undefined && current !== null && chain.length < 8 && !chain.includes(current);) {
    chain.push(current);
    if (current instanceof AggregateError) chain.push(...(current.errors as unknown[]).slice(0, 4));
    current = current instanceof Error ? current.cause : undefined;
  }
  return chain;
}

/**
 * What is wrong with a connection that was made, or that no web client makes. Where the other side could have read the request, it counts as sent: garbage may
 * come after it as well.
 */
function brokenLine(
  code: string,
  error: unknown,
): { readonly text: string; readonly code: string; readonly beforeSending: boolean } | undefined {
  const told = messageOf(error);
  if (
    code === "ERR_SSL_WRONG_VERSION_NUMBER" ||
    code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" ||
    (code === "EPROTO" && /wrong version/.test(told))
  )
    return { text: `it does not speak https there; is it http? (${code})`, code: "NOT_HTTPS", beforeSending: false };
  if (code.startsWith("ERR_SSL_") || code === "EPROTO")
    return { text: `no secure connection could be agreed on (${code})`, code, beforeSending: false };
  if (error instanceof Error && error.name === "HTTPParserError")
    return { text: "it does not speak http there", code: "NOT_HTTP", beforeSending: false };
  if (code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET")
    return { text: `it ended the connection before it had answered (${code})`, code, beforeSending: false };
  if (code === "" && told === "bad port")
    return { text: "no web client connects to this port, which belongs to another service", code: "BAD_PORT", beforeSending: true };
  return undefined;
}

/** The event source keeps no cause: the code of a network error is a word in its message. */
function codeOf(error: unknown, sdk: McpSdk): string {
  if (error instanceof sdk.SseError && error.code === undefined) {
    if (/:SSL routines:.*:wrong version number:/.test(error.message)) return "ERR_SSL_WRONG_VERSION_NUMBER";
    return /\b(?:E[A-Z]{4,}|UND_ERR_[A-Z_]+)\b/.exec(error.message)?.[0] ?? "";
  }
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The SSE transport tells the status of a POST only in its message. */
function statusOf(error: unknown, sdk: McpSdk): number | undefined {
  if (error instanceof sdk.SdkHttpError) return error.status;
  if (error instanceof sdk.SseError) return error.code;
  const told = /^Error POSTing to endpoint \(HTTP (\d{3})\)/.exec(messageOf(error));
  return told === null ? undefined : Number(told[1]);
}
