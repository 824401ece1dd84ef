import type { EventDraft } from "../../../protocol/events.ts";
import { argumentFields } from "./argument-fields.ts";
import { type FindApprover, lapsedApprovers } from "../ports/approvers.ts";
import type { ToolPermission } from "../ports/assistant.ts";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { AdmissionContext, Earlier, ProposedCall } from "./admission-context.ts";
import { changed, type EndedDraft, refuse, start } from "./call-drafts.ts";
import { type Fit, fit } from "./call-fit.ts";
import { asItRuns, type CallState } from "./call-state.ts";
import { type ApprovalNeed, approvalNeed, presentNeed } from "../ports/approval-need.ts";
import type { Grant } from "../ports/store.ts";
import type { Tool } from "../ports/tools.ts";
import { refusalText, unfinishedText, unknownText } from "../prompt/tool-text.ts";
import { requestSignIn } from "./sign-in.ts";

const FIRST: Earlier = { connections: 0, attempts: 0 };

/**
 * Decides about a proposed call, in this order. Unknown, disabled, wrong arguments: it is refused, and the model reads
 * why. The customer's sign-in is missing: they are asked. A person has to approve: they are asked. Otherwise it starts.
 */
export async function admit(call: ProposedCall, context: AdmissionContext, earlier: Earlier = FIRST): Promise<EventDraft> {
  if (earlier.task !== undefined) return askForTask(call, context, earlier);
  const found = fit(call, context);
  if ("refused" in found) return earlier.connections > 0 && stoodForSignIn(call, context) ? signedIn(call) : found.refused;
  const { tool, input, permission } = found;
  // Meanwhile the customer signed in, and what the server offers them now may be another tool of the same name.
  if (earlier.connections > 0 && call.definitionHash !== tool.definitionHash) return changed(call);
  const need = await tool.needsConnection?.();
  if (need !== undefined) return requestSignIn(call, need, earlier, context);
  const forArguments = approvalNeed(permission, input);
  const mayStart = !forArguments.asks || (granted(tool, permission, context.grants) && mayBeRemembered(forArguments));
  const careful = mustAskAnyway(tool, context);
  if (mayStart && !careful) return start(call, undefined, earlier.attempts + 1);
  return requestApproval(call, { tool, input, permission, need: forArguments, careful }, context);
}

/** A standing approval is never one of arguments that a condition looks at, nor one of several people. */
function mayBeRemembered({ because, people }: ApprovalNeed): boolean {
  return because === undefined && people === 1;
}

function requestApproval(
  call: ProposedCall,
  { tool, input, permission, need, careful }: Fit & { readonly need: ApprovalNeed; readonly careful: boolean },
  { clock, assistant }: Pick<AdmissionContext, "clock" | "assistant">,
): EventDraft {
  const { approver, groups, people, because } = need;
  return {
    type: "approval-requested",
    turnId: call.turnId,
    callId: call.callId,
    approvalId: clock.id(),
    approver,
    arguments: input,
    fields: argumentFields(tool.bound?.inputSchema ?? tool.inputSchema, input, call.filled),
    argumentsHash: argumentsHash(input),
    definitionHash: tool.definitionHash,
    // A standing approval would not save the next question, so none is offered.
    rememberable: permission.rememberable && !careful && mayBeRemembered(need),
    expiresAt: clock.now() + assistant.approvalTimeoutMs,
    ...(groups === undefined ? {} : { groups: [...groups] }),
    ...(people === 1 ? {} : { people }),
    ...(because === undefined ? {} : { because }),
  };
}

/**
 * What the server has begun as a task was approved and runs, whatever has happened to the tool since: only its end is
 * asked for, and it is never called refused.
 */
async function askForTask(call: ProposedCall, context: AdmissionContext, earlier: Earlier): Promise<EventDraft> {
  const tool = context.tool(call.name ?? "");
  if (tool === undefined) {
    const { turnId, callId } = call;
    const cause = "The tool is not there any more, so the task's end could not be asked for.";
    return { type: "tool-call-ended", turnId, callId, outcome: "unknown", text: unknownText(call.tool.title), cause };
  }
  const need = await tool.needsConnection?.();
  return need === undefined ? start(call, undefined, earlier.attempts + 1) : requestSignIn(call, need, earlier, context);
}

/**
 * One of our own tools took the place of a server about which nothing was known. The server's tools are there now, and
 * ours is gone.
 */
function stoodForSignIn(call: ProposedCall, context: AdmissionContext): boolean {
  return call.tool.source === "host" && context.tool(call.name ?? "") === undefined;
}

function signedIn({ turnId, callId, tool }: ProposedCall): EventDraft {
  const text = `The customer has signed in to ${tool.serverName}. Its tools are there now.`;
  return { type: "tool-call-ended", turnId, callId, outcome: "ok", text };
}

/**
 * A tool that nobody has looked at yet asks each time. Careful mode: foreign words may have talked the model into this,
 * so a person looks at whatever could change something.
 */
function mustAskAnyway(tool: Tool, { assistant, readForeign }: AdmissionContext): boolean {
  if (tool.alwaysAsks === true) return true;
  return assistant.careful === true && readForeign && tool.reference.source !== "host" && tool.reference.readOnly !== true;
}

/**
 * A decided call goes on: an approved one starts if everything is still as it was when the person looked; in any other
 * case it ends refused. The approval is consumed by the same append that writes the start.
 */
export async function resume(call: CallState, context: AdmissionContext): Promise<EventDraft> {
  const { proposed, approval, decision } = call;
  if (call.status === "rejected") return refuse(proposed, "rejected", refusalText("rejected", decision?.reason, decision?.by));
  if (call.status === "expired") return refuse(proposed, "expired", refusalText("expired", undefined));
  if (call.status === "withdrawn") return refuse(proposed, "withdrawn", refusalText("withdrawn", undefined));
  const found = fit(asItRuns(call), context);
  if ("refused" in found) return found.refused;
  const approvedHash = decision?.arguments === undefined ? approval?.argumentsHash : decision.argumentsHash;
  const unchanged =
    approval !== undefined && approval.definitionHash === found.tool.definitionHash && approvedHash === argumentsHash(found.input);
  if (!unchanged) return changed(proposed);
  const need = presentNeed(found.permission, found.input, approval);
  if (await isEnough(call, { need, approvedHash, approvers: context.approvers }))
    return start(proposed, approval.approvalId, call.attempts + 1);
  return requestApproval(proposed, { ...found, need, careful: mustAskAnyway(found.tool, context) }, context);
}

interface Needed {
  readonly need: ApprovalNeed;
  readonly approvedHash: string | undefined;
  readonly approvers: FindApprover;
}

/**
 * Whether those who approved are those who have to by now: the owner may have asked for more since, and one of several
 * may not be allowed to any more.
 */
async function isEnough({ decision, given = [] }: CallState, { need, approvedHash, approvers }: Needed): Promise<boolean> {
  if (decision === undefined) return false;
  if (need.approver === "staff" && decision.by.kind !== "staff") return false;
  if (need.people <= 1) return true;
  const people = new Set([decision.by.id, ...given.filter(({ argumentsHash: hash }) => hash === approvedHash).map(({ by }) => by.id)]);
  const lapsed = await lapsedApprovers(approvers, people, need);
  return people.size - lapsed.size >= need.people;
}

/** A call whose questions are answered goes on, if its tool is still what it was. */
export function goOn(call: CallState, context: AdmissionContext): EventDraft {
  const { proposed } = call;
  const found = fit(asItRuns(call), context);
  if ("refused" in found) return begun(proposed, found.refused);
  if (proposed.definitionHash !== found.tool.definitionHash) return begun(proposed, changed(proposed));
  return { type: "tool-call-resumed", turnId: proposed.turnId, callId: proposed.callId };
}

/** The server has begun the call, so it would be wrong to say that nothing was done. */
function begun({ tool }: ProposedCall, refused: EndedDraft): EventDraft {
  return { ...refused, text: unfinishedText(tool.title) };
}

/** Starts a call again whose end nobody knows, where its owner marked it safe to repeat. */
export function repeat(call: CallState, context: AdmissionContext): EventDraft | undefined {
  const found = fit(asItRuns(call), context);
  if ("refused" in found || !found.permission.safeToRepeat) return undefined;
  if (call.proposed.definitionHash !== found.tool.definitionHash) return undefined;
  return start(call.proposed, undefined, call.attempts + 1);
}

export function argumentsHash(input: Readonly<Record<string, unknown>>): string {
  return sha256Hex(canonicalJson(input));
}

function granted(tool: Tool, permission: ToolPermission, grants: readonly Grant[]): boolean {
  if (!permission.rememberable) return false;
  const { server, tool: name } = tool.reference;
  return grants.some((grant) => grant.server === server && grant.tool === name && grant.definitionHash === tool.definitionHash);
}
