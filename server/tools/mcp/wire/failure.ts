import { isCertificateFault } from "../../../foundation/certificate-fault.ts";
import { causesOf, messageOf, UNREACHED } from "../../calls/network-fault.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import type { Fault, FaultKind } from "../servers/fault.ts";
import { authKindOf, safeAddress, type McpServerSettings } from "../servers/settings.ts";
import { brokenLine, codeOf, isNoModernSign, statusOf } from "./failure-signs.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { unreadableAnswer, UnreadableAnswerError } from "./readable-message.ts";
import { saidText } from "./said-text.ts";

const CAUSE_CHARACTERS = 400;
const LAST_WORDS_CHARACTERS = 300;
/** A refusal without a challenge that is about who asks all the same. */
const ABOUT_CREDENTIALS = /auth|credential|api.?key|token|log.?in|sign.?(?:in|ed)|permission|password|scope|licen[cs]e|subscri/i;

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

/** What is known of a refusal besides its error. */
export interface RefusalSigns {
  /** Whether it asked for credentials (`WWW-Authenticate`). */
  readonly challenged?: boolean;
}

/** Reads what the MCP client, its transports or the fetch below threw. */
export function faultOf(error: unknown, settings: McpServerSettings, sdk: McpSdk, more: RefusalSigns = {}): Fault {
  const chain = causesOf(error);
  const {
    text,
    beforeSending = false,
    ...rest
  } = networkFinding(chain, sdk) ??
    statusFinding(chain, sdk, { wantsNone: authKindOf(settings) === "none" && more.challenged !== true }) ??
    unreadableFinding(chain, sdk) ??
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

/** What an HTTP status says, and the text that came with it. */
function statusFinding(chain: readonly unknown[], sdk: McpSdk, { wantsNone }: { readonly wantsNone: boolean }): Finding | undefined {
  const refusal = chain.find((cause) => statusOf(cause, sdk) !== undefined);
  const status = statusOf(refusal, sdk);
  if (status === undefined) return undefined;
  const said = saidText(refusal, sdk);
  const finding = { status, ...(said === undefined ? {} : { said }) };
  const http = said === undefined ? `(HTTP ${status})` : `(HTTP ${status}: ${said})`;
  if (status === 421 || (status === 403 && wantsNone && said !== undefined && !ABOUT_CREDENTIALS.test(said)))
    return { ...finding, kind: "connection-failed", text: `it refused the request ${http}, perhaps for its Host or Origin header` };
  if (status === 401 || status === 403) return { ...finding, kind: "authentication", text: `it refused our credentials ${http}` };
  if (status === 404 || status === 405 || status === 410)
    return { ...finding, kind: "not-found", text: `there is no MCP endpoint at this path ${http}` };
  if (status < 300)
    return { ...finding, kind: "not-mcp", text: "what answers there is not an MCP server (its answer is no stream of events)" };
  if (status < 400) return { status, kind: "connection-failed", text: `it redirects elsewhere (HTTP ${status}), which is not followed` };
  return { ...finding, kind: "protocol-error", text: said === undefined ? `it answered with HTTP ${status}` : `it answered ${http}` };
}

/** An answer came, and nobody can read it. */
function unreadableFinding(chain: readonly unknown[], sdk: McpSdk): Finding | undefined {
  const found = chain.map((cause) => (cause instanceof UnreadableAnswerError ? cause : unreadableAnswer(cause, sdk))).find(Boolean);
  return found === undefined ? undefined : { kind: "protocol-error", text: found.message };
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
  if (isNoModernSign(error)) return { kind: "protocol-error", text: "it does not speak revision 2026-07-28 of MCP" };
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
