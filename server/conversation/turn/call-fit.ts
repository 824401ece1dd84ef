import { permissionOf, type ToolPermission } from "../ports/assistant.ts";
import type { Tool } from "../ports/tools.ts";
import { refusalText } from "../prompt/tool-text.ts";
import type { AdmissionContext, ProposedCall } from "./admission-context.ts";
import { holdsBound } from "./bound-arguments.ts";
import { changed, type EndedDraft, refuse } from "./call-drafts.ts";
import { ARGUMENTS_EXPECTED } from "./parse-arguments.ts";

export interface Fit {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly permission: ToolPermission;
}

const PAGE_GONE = "The call was cancelled, because the customer's page is gone, or does not offer this tool any more. Nothing was done.";

/** Our own tools only read what the conversation already has. */
const HOST_TOOL: ToolPermission = { permission: "always_allow", approver: "customer", rememberable: false, safeToRepeat: true };

/**
 * The tool, its permission and its arguments as they are now; or the refusal, in the order unknown, disabled, invalid.
 */
export function fit(call: ProposedCall, context: AdmissionContext): Fit | { refused: EndedDraft } {
  const tool = context.tool(call.name ?? "");
  if (tool === undefined) return { refused: notOffered(call, context) };
  const permission =
    tool.reference.source === "host" ? HOST_TOOL : permissionOf(context.assistant, tool.reference.server, tool.reference.tool);
  if (permission.permission === "disabled") return { refused: refuse(call, "disabled", refusalText("disabled", undefined)) };
  const missing = Object.values(tool.bound?.missing ?? {});
  if (missing.length > 0) return { refused: refuse(call, "not-identified", refusalText("not-identified", missing.join(", "))) };
  // What the site says of the customer has changed, or what the owner binds.
  if (call.arguments !== undefined && !holdsBound(tool, call.arguments)) return { refused: changed(call) };
  const wrong = call.arguments === undefined ? ARGUMENTS_EXPECTED : tool.check(call.arguments);
  if (wrong !== undefined || call.arguments === undefined) {
    return { refused: refuse(call, "invalid-arguments", refusalText("invalid-arguments", repairText(call, context, wrong ?? ""))) };
  }
  return { tool, input: call.arguments, permission };
}

/** Nobody refused a call of a page that is gone: it is over. */
function notOffered(call: ProposedCall, { unavailable }: AdmissionContext): EndedDraft {
  const { turnId, callId, tool } = call;
  if (tool.source === "page")
    return {
      type: "tool-call-ended",
      turnId,
      callId,
      outcome: "cancelled",
      text: PAGE_GONE,
      cause: "No page of the customer offers it now.",
    };
  if (!unavailable.has(tool.server)) return refuse(call, "unknown-tool", refusalText("unknown-tool", undefined));
  const text = `Refused: ${tool.serverName} cannot be reached right now. Nothing was done. Offer to try again later.`;
  return refuse(call, "unknown-tool", text);
}

/** One repair round: the first time the model reads how to mend the arguments, after that to leave it. */
function repairText(call: ProposedCall, context: AdmissionContext, wrong: string): string {
  const before = [...context.turn.calls.values()].some(
    (other) => other.callId !== call.callId && other.proposed.name === call.name && other.ended?.refusal === "invalid-arguments",
  );
  if (before)
    return `Refused: the arguments were wrong again (${wrong}). Do not call this tool again in this answer; tell the customer that it did not work.`;
  return `The arguments do not fit: ${wrong} Nothing was done. Correct them and call the tool once more.`;
}
