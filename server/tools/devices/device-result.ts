import type { ToolResult } from "../../conversation/ports/tools.ts";
import { plainText } from "../definitions/plain-text.ts";
import { readResult, UnreadableResultError } from "../calls/result-content.ts";
import type { DeviceSdk } from "./device-sdk.ts";
import { NotSentError } from "./device-transport.ts";

const MESSAGE_CHARACTERS = 2_000;

/** What a device answered. Throws `UnreadableResultError`. */
export function answeredResult(raw: unknown, device: string): ToolResult {
  const { failed, content, structured } = readResult(raw);
  return {
    outcome: failed ? "failed" : "ok",
    content,
    ...(structured === undefined ? {} : { structured }),
    ...(failed ? { cause: `${device} answered that the call failed.` } : {}),
  };
}

export function notSent(cause: string): ToolResult {
  return said("failed", "The call was not sent, because the device cannot be reached. Nothing was done.", cause);
}

export function stopped(device: string): ToolResult {
  return said("cancelled", "The call was cancelled while it was running.", `Frontdesk asked ${device} to cancel the call.`);
}

/**
 * The result of a call that ended with an error. `failed` only where the device said so, or where nothing left;
 * everything else is `unknown`: it is never sent again, to this device or to the one that takes its place.
 */
export function brokenResult(error: unknown, { device, silent, sdk }: { device: string; silent: boolean; sdk: DeviceSdk }): ToolResult {
  if (error instanceof NotSentError) return notSent(`${device}: ${error.message}.`);
  if (error instanceof sdk.SdkError && error.code === "NOT_CONNECTED") return notSent(`${device} is not connected.`);
  if (error instanceof sdk.ProtocolError) {
    const text = plainText(error.message, MESSAGE_CHARACTERS);
    return said("failed", text, `${device} answered with error ${error.code}: ${text}`);
  }
  return said(
    "unknown",
    "The call was sent, but no readable answer came. Whether it was carried out is not known.",
    silent ? `${device} did not answer in time.` : reasonOf(error, device, sdk),
  );
}

function reasonOf(error: unknown, device: string, sdk: DeviceSdk): string {
  if (error instanceof sdk.SdkError && error.code === "CONNECTION_CLOSED") return `${device} went away in the middle of the call.`;
  if (error instanceof UnreadableResultError) return `${device}: ${error.message}`;
  return `${device}: ${plainText(error instanceof Error ? error.message : String(error), MESSAGE_CHARACTERS)}`;
}

function said(outcome: ToolResult["outcome"], words: string, cause: string): ToolResult {
  return { outcome, content: [{ kind: "text", text: words }], cause };
}
