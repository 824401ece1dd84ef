import type { EventDraft, EventOf, Refusal } from "../../../protocol/events.ts";
import { argumentFields } from "../argument-fields.ts";
import { permissionOf, type Assistant, type ToolPermission } from "../assistant.ts";
import { canonicalJson, sha256Hex } from "../canonical-json.ts";
import { ARGUMENTS_EXPECTED } from "./parse-arguments.ts";
import type { Clock, Grant, Tool } from "../ports.ts";
import { refusalText } from "../prompt/tool-text.ts";
import type { CallState, OpenTurn } from "./turn-state.ts";

/** What the server decides about calls with, read at the moment of the call. Nothing in it comes from a client or the model. */
export interface AdmissionContext {
  readonly assistant: Assistant;
  readonly turn: OpenTurn;
  readonly grants: readonly Grant[];
  readonly clock: Clock;
  tool(name: string): Tool | undefined;
  /** Servers that cannot be used at this moment. */
  readonly unavailable: ReadonlySet<string>;
}

export type ProposedCall = Pick<
  EventOf<"tool-call-proposed">,
  "callId" | "turnId" | "name" | "tool" | "arguments" | "argumentsText" | "definitionHash"
>;

/** What becomes of a proposed call: it starts, a person is asked, or it is refused and the model told why. */
export function admit(call: ProposedCall, context: AdmissionContext): EventDraft {
  const found = fit(call, context);
  if ("refused" in found) return found.refused;
  const { tool, input, permission } = found;
  if (permission.permission === "always_allow" || granted(tool, permission, context.grants)) return start(call, undefined, 1);
  return {
    type: "approval-requested",
    turnId: call.turnId,
    callId: call.callId,
    approvalId: context.clock.id(),
    approver: permission.approver,
    arguments: input,
    fields: argumentFields(tool.inputSchema, input),
    argumentsHash: argumentsHash(input),
    definitionHash: tool.definitionHash,
    rememberable: permission.rememberable,
    expiresAt: context.clock.now() + context.assistant.approvalTimeoutMs,
  };
}

/**
 * A decided call goes on: an approved one starts if everything is still as it was when the person looked, in any other case it ends refused. The approval is
 * consumed by the same append that writes the start.
 */
export function resume(call: CallState, context: AdmissionContext): EventDraft {
  const { proposed, approval, decision } = call;
  if (call.status === "rejected") return refuse(proposed, "rejected", refusalText("rejected", decision?.reason));
  if (call.status === "expired") return refuse(proposed, "expired", refusalText("expired", undefined));
  if (call.status === "withdrawn") return refuse(proposed, "withdrawn", refusalText("withdrawn", undefined));
  const found = fit(proposed, context);
  if ("refused" in found) return found.refused;
  const unchanged =
    approval !== undefined &&
    approval.definitionHash === found.tool.definitionHash &&
    approval.argumentsHash === argumentsHash(found.input);
  if (!unchanged) return refuse(proposed, "definition-changed", refusalText("definition-changed", undefined));
  return start(proposed, approval.approvalId, 1);
}

/** Starts a call once more whose end nobody knows, which its owner marked safe to repeat. */
export function repeat(call: CallState, context: AdmissionContext): EventDraft | undefined {
  const found = fit(call.proposed, context);
  if ("refused" in found || !found.permission.safeToRepeat) return undefined;
  if (call.proposed.definitionHash !== found.tool.definitionHash) return undefined;
  return start(call.proposed, undefined, call.attempts + 1);
}

export function argumentsHash(input: Readonly<Record<string, unknown>>): string {
  return sha256Hex(canonicalJson(input));
}

/** Our own tools only read what the conversation already has. */
const HOST_TOOL: ToolPermission = { permission: "always_allow", approver: "customer", rememberable: false, safeToRepeat: true };

interface Fit {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly permission: ToolPermission;
}

/** The tool, its permission and its arguments as they are now; or the refusal, in the order unknown, disabled, invalid. */
function fit(call: ProposedCall, context: AdmissionContext): Fit | { refused: EventDraft } {
  const tool = context.tool(call.name ?? "");
  if (tool === undefined) return { refused: refuse(call, "unknown-tool", missingText(call, context)) };
  const permission =
    tool.reference.source === "host" ? HOST_TOOL : permissionOf(context.assistant, tool.reference.server, tool.reference.tool);
  if (permission.permission === "disabled") return { refused: refuse(call, "disabled", refusalText("disabled", undefined)) };
  const wrong = call.arguments === undefined ? ARGUMENTS_EXPECTED : tool.check(call.arguments);
  if (wrong !== undefined || call.arguments === undefined) {
    return { refused: refuse(call, "invalid-arguments", refusalText("invalid-arguments", repairText(call, context, wrong ?? ""))) };
  }
  return { tool, input: call.arguments, permission };
}

function missingText(call: ProposedCall, context: AdmissionContext): string {
  if (!context.unavailable.has(call.tool.server)) return refusalText("unknown-tool", undefined);
  return `Refused: ${call.tool.serverName} cannot be reached right now. Nothing was done. Offer to try again later.`;
}

/** One repair round: the first time the model is told how to mend the arguments, after that to leave it. */
function repairText(call: ProposedCall, context: AdmissionContext, wrong: string): string {
  const before = [...context.turn.calls.values()].some(
    (other) => other.callId !== call.callId && other.proposed.name === call.name && other.ended?.refusal === "invalid-arguments",
  );
  if (before)
    return `Refused: the arguments were wrong again (${wrong}). Do not call this tool again in this answer; tell the customer that it did not work.`;
  return `The arguments do not fit: ${wrong} Nothing was done. Correct them and call the tool once more.`;
}

function granted(tool: Tool, permission: ToolPermission, grants: readonly Grant[]): boolean {
  if (!permission.rememberable) return false;
  const { server, tool: name } = tool.reference;
  return grants.some((grant) => grant.server === server && grant.tool === name && grant.definitionHash === tool.definitionHash);
}

function start(call: ProposedCall, approvalId: string | undefined, attempt: number): EventDraft {
  return {
    type: "tool-call-started",
    turnId: call.turnId,
    callId: call.callId,
    attempt,
    ...(approvalId === undefined ? {} : { approvalId }),
  };
}

export function refuse(call: ProposedCall, refusal: Refusal, text: string): EventDraft {
  return { type: "tool-call-ended", turnId: call.turnId, callId: call.callId, outcome: "refused", refusal, text };
}
