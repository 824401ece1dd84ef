import { RequestError } from "../../../protocol/errors.ts";
import type { Actor, EventDraft, EventOf } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import { type ApprovalNeed, presentNeed } from "../ports/approval-need.ts";
import { type FindApprover, lapsedApprovers } from "../ports/approvers.ts";
import type { ToolPermission } from "../ports/assistant.ts";
import type { Conversation, GivenApproval, Store, StoredApproval } from "../ports/store.ts";
import type { Decision, DecisionRefusals, Waiting } from "./decide.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Fields = EventOf<"approval-requested">["fields"];

/** What the staff made of the arguments, checked against the tool. */
export interface EditedArguments {
  readonly arguments: Arguments;
  readonly argumentsHash: string;
  readonly fields: Fields;
}

/** What whoever decides brings, beside what they say. */
export interface Deciding {
  /** What the owner allows for the tool at this moment. Undefined: the assistant is gone. */
  readonly permission: (conversation: Conversation, call: EventOf<"tool-call-proposed">) => ToolPermission | undefined;
  readonly approvers: FindApprover;
  /** The groups that whoever decides is in. */
  readonly groups?: readonly string[];
  readonly edited?: EditedArguments;
  /** Where it was said aloud. */
  readonly spoken?: SpokenEvidence;
}

export type SpokenEvidence = NonNullable<EventOf<"approval-decided">["spoken"]>;

interface WaitingApproval extends Waiting {
  readonly approval: StoredApproval;
  readonly need: ApprovalNeed;
  /** What others gave who still may. */
  readonly given: readonly GivenApproval[];
  /** What somebody of several made of the arguments before. */
  readonly earlier: EventOf<"approval-given"> | undefined;
}

const REFUSALS: DecisionRefusals = {
  unknown: { code: "unknown-approval" },
  decided: { code: "already-decided" },
  late: { code: "approval-expired" },
};

/**
 * Whether a call may start. The store refuses a second decision in the transaction that would write it. Who may decide,
 * and how many have to, is what holds at this moment for the arguments with which the call would run.
 */
export function approvalDecision(request: ParsedRequest<"approval-decide">, by: Actor, deciding: Deciding): Decision<WaitingApproval> {
  const { conversationId, approvalId, argumentsHash, decision, reason } = request;
  const edited = decision === "approved" ? deciding.edited : undefined;
  const scope = decision === "approved" ? request.scope : "once";
  return {
    conversationId,
    by,
    argumentsHash,
    refusals: REFUSALS,
    find: (store) => findWaiting(store, request, { ...deciding, ...(edited === undefined ? { edited: undefined } : { edited }) }),
    events({ approval, need, given, earlier }) {
      mustBeNamed(by, need, deciding.groups);
      const { turnId, callId, rememberable } = approval;
      const about = { turnId, callId, approvalId } as const;
      const why = { ...(reason ? { reason } : {}), ...(deciding.spoken === undefined ? {} : { spoken: deciding.spoken }) };
      if (decision === "rejected") return [{ type: "approval-decided", ...about, decision, scope, by, ...why }];
      const changed = edited ?? changedBefore(earlier);
      if (scope === "conversation" && (!rememberable || changed !== undefined || need.people > 1)) throw new RequestError("scope-refused");
      const finalHash = edited?.argumentsHash ?? approval.argumentsHash;
      if (isMissingSomebody(by, need, { given, finalHash }))
        return [{ type: "approval-given", ...about, argumentsHash: finalHash, by, ...withoutHash(edited) } satisfies EventDraft];
      return [{ type: "approval-decided", ...about, decision, scope, by, ...why, ...changed }];
    },
  };
}

async function findWaiting(
  store: Store,
  { conversationId, approvalId }: ParsedRequest<"approval-decide">,
  { permission, approvers, edited }: Omit<Deciding, "edited"> & { readonly edited: EditedArguments | undefined },
): Promise<WaitingApproval | undefined> {
  // Before the approval: whatever is written after this is seen, and the decision is looked at again.
  const conversation = await store.find(conversationId);
  const approval = await store.findApproval(approvalId);
  if (conversation === undefined || approval?.conversationId !== conversationId) return undefined;
  const call = await store.findCall(conversationId, approval.callId);
  if (call?.type !== "tool-call-proposed") return undefined;
  const earlier = await changedArguments(store, approval);
  const input = edited?.arguments ?? earlier?.arguments ?? call.arguments ?? {};
  const need = presentNeed(permission(conversation, call), input, approval);
  const { status, expiresAt, argumentsHash, given } = approval;
  const lapsed = await lapsedApprovers(approvers, need.people > 1 ? given.map(({ by }) => by) : [], need);
  return {
    approval,
    need,
    given: given.filter(({ by }) => !lapsed.has(by)),
    earlier,
    approver: need.approver,
    status: status === "waiting" || status === "expired" ? status : "decided",
    expiresAt,
    argumentsHash,
    // Two who give theirs in the same moment have to see each other.
    ...(need.people > 1 ? { afterSeq: conversation.lastSeq } : {}),
  };
}

/** The arguments that an approval is about now, where they are not those that were requested. */
export async function changedArguments(
  store: Pick<Store, "readFrom">,
  { conversationId, argumentsSeq }: Pick<StoredApproval, "conversationId" | "argumentsSeq">,
): Promise<EventOf<"approval-given"> | undefined> {
  if (argumentsSeq === undefined) return undefined;
  const [event] = await store.readFrom(conversationId, argumentsSeq, 1);
  return event?.type === "approval-given" ? event : undefined;
}

/** Only members of the groups decide where groups are named: an admin who wants to joins one first. */
function mustBeNamed(by: Actor, { groups }: ApprovalNeed, own: readonly string[] = []): void {
  if (by.kind !== "staff" || groups === undefined || groups.some((group) => own.includes(group))) return;
  throw new RequestError("not-approver", { detail: "Only members of certain groups decide this." });
}

/**
 * Whether another member has to approve as well. What others gave counts for exactly the arguments that they saw. A
 * program is nobody's second pair of eyes.
 */
function isMissingSomebody(
  by: Actor,
  { people }: ApprovalNeed,
  { given, finalHash }: { readonly given: readonly GivenApproval[]; readonly finalHash: string },
): boolean {
  if (people <= 1) return false;
  if (by.program === true)
    throw new RequestError("not-approver", { detail: "Several people have to approve this, and an API key is none." });
  const others = new Set(given.filter(({ argumentsHash }) => argumentsHash === finalHash).map((one) => one.by));
  if (others.has(by.id)) throw new RequestError("second-person-needed");
  return others.size + 1 < people;
}

function changedBefore(earlier: EventOf<"approval-given"> | undefined): EditedArguments | undefined {
  if (earlier?.arguments === undefined) return undefined;
  const { arguments: input, argumentsHash, fields = [] } = earlier;
  return { arguments: input, argumentsHash, fields };
}

function withoutHash(edited: EditedArguments | undefined): { arguments?: Record<string, unknown>; fields?: Fields } {
  return edited === undefined ? {} : { arguments: { ...edited.arguments }, fields: edited.fields };
}
