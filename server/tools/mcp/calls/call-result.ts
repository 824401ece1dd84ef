import type { ToolResult } from "../../../conversation/ports/tools.ts";
import { faultOf, silenceOf } from "../wire/failure.ts";
import type { McpSdk } from "../wire/mcp-sdk.ts";
import { unreadableAnswer } from "../wire/readable-message.ts";
import { plainText } from "../../definitions/plain-text.ts";
import { readResult } from "../../calls/result-content.ts";
import type { McpServerSettings } from "../servers/settings.ts";

const MESSAGE_CHARACTERS = 2_000;

/** What the server answered, as a result: whether the tool failed is the server's word. */
export function answeredResult(raw: unknown, settings: McpServerSettings): ToolResult {
  const result = readResult(raw);
  return {
    outcome: result.failed ? "failed" : "ok",
    content: result.content,
    ...(result.structured === undefined ? {} : { structured: result.structured }),
    ...(result.meta === undefined ? {} : { meta: result.meta }),
    ...(result.failed ? { cause: `${settings.name} answered that the call failed.` } : {}),
  };
}

/** A result in our own words: `words` for the model, `cause` for staff. */
export function textResult(outcome: ToolResult["outcome"], words: string, cause: string): ToolResult {
  return { outcome, content: [text(words)], cause };
}

/** Nothing was sent. */
export function notSent(cause: string): ToolResult {
  return { outcome: "failed", content: [text("The call was not sent, because the server cannot be reached. Nothing was done.")], cause };
}

/** Stopped from our side. */
export function cancelledResult(sent: boolean, settings: McpServerSettings): ToolResult {
  return sent
    ? {
        outcome: "cancelled",
        content: [text("The call was cancelled while it was running.")],
        cause: `Frontdesk asked ${settings.name} to cancel the call.`,
      }
    : {
        outcome: "cancelled",
        content: [text("The call was cancelled before it was sent.")],
        cause: "Stopped before the request was sent.",
      };
}

/**
 * The result of a call that ended with an error. `failed` only where the server said so, or where the request certainly
 * did not arrive or was refused; everything else is `unknown`, a result that came and could not be read included: what
 * it did, it did.
 */
export function brokenResult(error: unknown, sent: boolean, settings: McpServerSettings, sdk: McpSdk): ToolResult {
  if (error instanceof sdk.ProtocolError && unreadableAnswer(error, sdk) === undefined) {
    const said = plainText(error.message, MESSAGE_CHARACTERS);
    return { outcome: "failed", content: [text(said)], cause: `${settings.name} answered with error ${error.code}: ${said}` };
  }
  const fault = faultOf(error, settings, sdk);
  if (!sent || fault.beforeSending) return notSent(fault.message);
  const said = fault.said === undefined ? "" : ` The server says: ${fault.said}.`;
  if (fault.status !== undefined && fault.status >= 400 && fault.status < 500 && fault.status !== 408)
    return {
      outcome: "failed",
      content: [text(`The server refused the call (HTTP ${fault.status}). Nothing was done.${said}`)],
      cause: fault.message,
    };
  return {
    outcome: "unknown",
    content: [text(`The call was sent, but no readable answer came. Whether it was carried out is not known.${said}`)],
    cause: fault.kind === "timeout" ? silenceOf(settings) : fault.message,
  };
}

function text(value: string): { readonly kind: "text"; readonly text: string } {
  return { kind: "text", text: value };
}
