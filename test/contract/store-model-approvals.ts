/** What the model of a store reads of approvals in a journal. */
import type { EventOf, JournalEvent } from "../../protocol/events.ts";
import type { GivenApproval, StoredApproval } from "../../server/conversation/ports/store.ts";
import type { WaitingApproval, WaitingApprovals, WaitingPlace } from "../../server/inbox/waiting-approvals.ts";

type Requested = EventOf<"approval-requested">;

export function approvalIn(
  journal: readonly JournalEvent[],
  request: Requested,
  at: Pick<StoredApproval, "conversationId" | "status">,
): StoredApproval {
  const { approvalId, callId, turnId, approver, rememberable, expiresAt, groups, people, escalated } = request;
  const { given, changed, argumentsHash } = givenIn(journal, request);
  const more = present({ groups, people, escalated, argumentsSeq: changed?.seq });
  return { ...at, approvalId, callId, turnId, approver, argumentsHash, rememberable, expiresAt, given, ...more };
}

export function waitingIn(
  journal: readonly JournalEvent[],
  request: Requested,
  place: Pick<WaitingApproval, "conversationId" | "assistant" | "customer" | "preview">,
): WaitingApproval[] {
  const { approvalId, callId, approver, rememberable, expiresAt, at, groups, people, because, escalated } = request;
  const call = journal.find((event) => event.type === "tool-call-proposed" && event.callId === callId);
  if (call?.type !== "tool-call-proposed") return [];
  const { server, serverName, tool, title, readOnly, destructive, trusted } = call.tool;
  const { given, changed, argumentsHash } = givenIn(journal, request);
  const about = changed === undefined ? request : { arguments: changed.arguments ?? {}, fields: changed.fields ?? [] };
  const requestedArguments = changed === undefined ? undefined : request.arguments;
  return [
    {
      ...place,
      approvalId,
      callId,
      server,
      serverName,
      tool,
      title,
      arguments: about.arguments,
      fields: about.fields,
      argumentsHash,
      approver,
      rememberable,
      requestedAt: at,
      expiresAt,
      given,
      ...present({ readOnly, destructive, trusted, groups, people, because, escalated, requestedArguments }),
    },
  ];
}

export type ListWaiting = Parameters<WaitingApprovals["listWaiting"]>[0];

export function listed(all: readonly WaitingApproval[], { after, limit, now, filter }: ListWaiting): readonly WaitingApproval[] {
  const { assistant, approver } = filter;
  return all
    .filter((one) => one.expiresAt > now && (assistant === undefined || one.assistant === assistant))
    .filter((one) => approver === undefined || one.approver === approver || one.approver === "either")
    .toSorted(byPlace)
    .filter((one) => after === undefined || byPlace(after, one) < 0)
    .slice(0, limit);
}

function byPlace(left: WaitingPlace, right: WaitingPlace): number {
  return left.requestedAt - right.requestedAt || (left.approvalId < right.approvalId ? -1 : 1);
}

/** Who of several approved, and which arguments it is about by now. */
function givenIn(journal: readonly JournalEvent[], { approvalId, argumentsHash }: Requested) {
  const events = journal.filter(
    (event): event is EventOf<"approval-given"> => event.type === "approval-given" && event.approvalId === approvalId,
  );
  const given = events.map(({ by, at, argumentsHash: hash }): GivenApproval => ({
    by: by.id,
    ...present({ name: by.name }),
    at,
    argumentsHash: hash,
  }));
  const changed = events.findLast((event) => event.arguments !== undefined);
  return { given, changed, argumentsHash: given.at(-1)?.argumentsHash ?? argumentsHash };
}

function present<Given extends object>(given: Given): { [Name in keyof Given]?: Exclude<Given[Name], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Given]?: Exclude<Given[Name], undefined>;
  };
}
