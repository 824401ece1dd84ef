import type { ToolResult } from "../../../conversation/ports/tools.ts";
import { plainText } from "../../definitions/plain-text.ts";
import { textResult } from "../calls/call-result.ts";
import type { McpServerSettings } from "../servers/settings.ts";
import type { TaskState } from "./task-state.ts";

/** The result of a task that cannot be asked for any more. */
export function goneResult(settings: McpServerSettings, why: string): ToolResult {
  return textResult(
    "unknown",
    "The server took the call as a task, and cannot be asked about it any more. Whether it was carried out is not known.",
    `${settings.name}: ${why}.`,
  );
}

export function failedResult(settings: McpServerSettings, state: TaskState): ToolResult {
  const words = plainText(state.error?.message ?? state.message ?? "The task failed.", 2_000);
  return textResult("failed", words, `${settings.name} says that the task failed${said(state)}.`);
}

/** The result of a task that the server ended by itself. */
export function cancelledByServer(settings: McpServerSettings, state: TaskState): ToolResult {
  return textResult("cancelled", "The server cancelled the call.", `${settings.name} cancelled the task${said(state)}.`);
}

function said({ error, message }: TaskState): string {
  const words = error?.message ?? message;
  return words === undefined ? "" : `: ${plainText(words, 300)}`;
}
