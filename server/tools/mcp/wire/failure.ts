import { causesOf, isCertificateFault, messageOf, UNREACHED } from "../../calls/network-fault.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import type { Fault, FaultKind } from "../servers/fault.ts";
import { safeAddress, type McpServerSettings } from "../servers/settings.ts";
import { brokenLine, codeOf, statusOf } from "./failure-signs.ts";
import type { McpSdk } from "./mcp-sdk.ts";

const CAUSE_CHARACTERS = 400;
const LAST_WORDS_CHARACTERS = 300;

/** A fault before it is known at which server. */
type Finding = Omit<Fault, "message" | "beforeSending"> & { readonly text: string; readonly beforeSending?: boolean };

const KINDS: Readonly<Record<string, FaultKind>> = {
  ENOTFOUND: "not-found",
  EAI_AGAIN: "not-found",
  ECONNREFUSED: "not-found",
  ENOENT: "not-found",
  EACCES: "not-found",
  EHOSTUNREACH: "connection-failed",
  ENETUNREACH: "connection-failed",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
};
/** What keeps a program of ours from starting. */
const UNSTARTED: Readonly<Record<string, string>> = { ENOENT: "there is no such program", EACCES: "it may not be started" };
/** Our own refusals, which say themselves what is wrong. */
const REFUSED: Readonly<Record<string, FaultKind>> = { FETCH_REFUSED: "blocked", SIGN_IN_UNKNOWN: "authentication" };

/** Reads what the MCP client, its transports or the fetch below threw. */
export function faultOf(error: unknown, settings: McpServerSettings, sdk: McpSdk): Fault {
  const chain = causesOf(error);
  const {
    text,
    beforeSending = false,
    ...rest
  } = networkFinding(chain, sdk) ??
    statusFinding(chain, sdk) ??
    protocolFinding(error, sdk) ?? { kind: "connection-failed", text: chain.map(messageOf).join(": ") };
  return { ...rest, message: plainLine(`${settings.name} at ${safeAddress(settings)}: ${text}`, CAUSE_CHARACTERS), beforeSending };
}

/** What the network's own codes say. */
function networkFinding(chain: readonly unknown[], sdk: McpSdk): Finding | undefined {
  for (const cause of chain) {
    const code = codeOf(cause, sdk);
    const refused = Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined;
    if (refused !== undefined) return { kind: refused, text: messageOf(cause), beforeSending: true, code };
    const kind = Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
    if (kind !== undefined) return { kind, text: `${UNREACHED[code] ?? UNSTARTED[code]} (${code})`, beforeSending: true, code };
    if (isCertificateFault(code))
      return { kind: "connection-failed", text: `its certificate is not trusted (${code})`, beforeSending: true, code };
    const broken = brokenLine(code, cause);
    if (broken !== undefined) return { kind: "connection-failed", ...broken };
  }
  return undefined;
}

/** What an HTTP status says. */
function statusFinding(chain: readonly unknown[], sdk: McpSdk): Finding | undefined {
  const status = chain.map((cause) => statusOf(cause, sdk)).find((one) => one !== undefined);
  if (status === undefined) return undefined;
  if (status === 401 || status === 403) return { kind: "authentication", text: `it refused our credentials (HTTP ${status})`, status };
  if (status === 404 || status === 405 || status === 410)
    return { kind: "not-found", text: `there is no MCP endpoint at this path (HTTP ${status})`, status };
  if (status < 300) return { kind: "not-mcp", text: "what answers there is not an MCP server (its answer is no stream of events)", status };
  if (status < 400) return { kind: "connection-failed", text: `it redirects elsewhere (HTTP ${status}), which is not followed`, status };
  return { kind: "protocol-error", text: `it answered with HTTP ${status}`, status };
}

/** What the MCP client says. */
function protocolFinding(error: unknown, sdk: McpSdk): Finding | undefined {
  if (error instanceof sdk.ProtocolError) return { kind: "protocol-error", text: `it answered with error ${error.code}: ${error.message}` };
  if (error instanceof sdk.SseError)
    return { kind: "not-mcp", text: `what answers there is not an MCP server over SSE (${error.message})` };
  if (!(error instanceof sdk.SdkError)) return undefined;
  if (error.code === "REQUEST_TIMEOUT") return { kind: "timeout", text: "it did not answer in time" };
  if (error.code === "CONNECTION_CLOSED") return { kind: "connection-failed", text: "the connection was closed" };
  if (error.code === "NOT_CONNECTED") return { kind: "connection-failed", text: "there is no connection", beforeSending: true };
  if (/content[ -]type|unusable reply/i.test(error.message))
    return { kind: "not-mcp", text: `what answers there is not an MCP server (${error.message})` };
  // The SDK's own check of the first answer, as a list of everything that JSON-RPC could have been.
  const negotiating = error.code === "ERA_NEGOTIATION_FAILED";
  if (negotiating && /"code": "invalid_|not valid JSON|JSON at position/.test(error.message))
    return { kind: "not-mcp", text: "what answers there is not an MCP server (its answer is not JSON-RPC)" };
  return { kind: negotiating ? "connection-failed" : "protocol-error", text: error.message };
}

/** The fault of a server that did not get ready in `limitMs`. */
export function tooSlow(settings: McpServerSettings, limitMs: number): Fault {
  return {
    kind: "timeout",
    message: `${settings.name} at ${safeAddress(settings)}: it was not ready within ${limitMs} ms`,
    beforeSending: true,
  };
}

/** The fault of a program that ended, and not because we ended it. */
export function processEnded(settings: McpServerSettings): Fault {
  return { kind: "ended", message: `${settings.name} at ${safeAddress(settings)}: its process ended`, beforeSending: true };
}

/** The same fault with what a program of ours wrote last to its standard error, where it wrote anything. */
export function withLastWords(fault: Fault, lastWords: string): Fault {
  const said = plainLine(lastWords, LAST_WORDS_CHARACTERS);
  return said === "" ? fault : { ...fault, message: `${fault.message}. Its last words: ${said}` };
}

/** What staff read about a call whose answer did not come in time. */
export function silenceOf(settings: McpServerSettings): string {
  return `${settings.name} sent nothing for ${settings.callTimeoutMs} ms, or took too long altogether.`;
}
