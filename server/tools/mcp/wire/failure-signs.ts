import { messageOf } from "../../calls/network-fault.ts";
import type { McpSdk } from "./mcp-sdk.ts";

/** The other side ended the connection, perhaps one that was kept from before. */
export const HUNG_UP: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/**
 * What is wrong with a socket that was opened, or that no web client opens. Where the other side could have read the
 * request, it counts as sent: garbage may come after it as well.
 */
export function brokenLine(
  code: string,
  error: unknown,
): { readonly text: string; readonly code: string; readonly beforeSending: boolean } | undefined {
  const said = messageOf(error);
  if (
    code === "ERR_SSL_WRONG_VERSION_NUMBER" ||
    code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" ||
    (code === "EPROTO" && /wrong version/.test(said))
  )
    return { text: `it does not speak https there; is it http? (${code})`, code: "NOT_HTTPS", beforeSending: false };
  if (code.startsWith("ERR_SSL_") || code === "EPROTO")
    return { text: `no secure connection could be agreed on (${code})`, code, beforeSending: false };
  if (error instanceof Error && error.name === "HTTPParserError")
    return { text: "it does not speak http there", code: "NOT_HTTP", beforeSending: false };
  if (HUNG_UP.has(code)) return { text: `it ended the connection before it had answered (${code})`, code, beforeSending: false };
  if (code === "" && said === "bad port")
    return { text: "no web client connects to this port, which belongs to another service", code: "BAD_PORT", beforeSending: true };
  return undefined;
}

/** The event source keeps no cause: the code of a network error is a word in its message. */
export function codeOf(error: unknown, sdk: McpSdk): string {
  if (error instanceof sdk.SseError && error.code === undefined) {
    if (/:SSL routines:.*:wrong version number:/.test(error.message)) return "ERR_SSL_WRONG_VERSION_NUMBER";
    return /\b(?:E[A-Z]{4,}|UND_ERR_[A-Z_]+)\b/.exec(error.message)?.[0] ?? "";
  }
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The SSE transport gives the status of a POST only in its message. */
export function statusOf(error: unknown, sdk: McpSdk): number | undefined {
  if (error instanceof sdk.SdkHttpError) return error.status;
  if (error instanceof sdk.SseError) return error.code;
  const said = /^Error POSTing to endpoint \(HTTP (\d{3})\)/.exec(messageOf(error));
  return said === null ? undefined : Number(said[1]);
}

/** Whether a server that was asked for the modern era gave no sign of it, and nothing else is wrong. */
export function isNoModernSign(error: unknown): boolean {
  return /did not offer pinned protocol version/.test(messageOf(error));
}
