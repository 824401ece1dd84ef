import type { EventDraft } from "../../../protocol/events.ts";
import type { CallRecord } from "../../inbox/calls.ts";
import type { ConversationRow, Statements } from "./statements.ts";

type DraftOf<Type extends EventDraft["type"]> = Extract<EventDraft, { type: Type }>;

/**
 * Moves the record of the call that an event is about, inside the append's transaction. A record is one row and each
 * event changes at most one, so the cost is the same at every length. Tools of our own (`host`) have no record: they
 * send nothing out. True: the call whose end this is has one.
 */
export function recordCall(statements: Statements, conversation: ConversationRow, draft: EventDraft, at: number): boolean {
  const conversationId = conversation.id;
  switch (draft.type) {
    case "tool-call-proposed":
      if (draft.tool.source === "host") return false;
      statements.insertCallRecord.run({
        callId: draft.callId,
        conversationId,
        at: Math.trunc(at),
        assistant: conversation.assistant,
        customerId: conversation.customer_id,
        server: keepable(draft.tool.server),
        tool: keepable(draft.tool.tool),
      });
      return false;
    case "approval-decided":
      statements.setCallApproval.run({ conversationId, callId: draft.callId, approval: JSON.stringify(approvalOf(draft, at)) });
      return false;
    case "tool-call-started":
      statements.setCallStarted.run({ conversationId, callId: draft.callId, at });
      return false;
    case "connection-requested":
    case "input-requested":
    case "tool-call-paused":
      statements.setCallOutcome.run({ conversationId, callId: draft.callId, outcome: "waiting" });
      return false;
    case "input-decided":
    case "tool-call-resumed":
      statements.setCallOutcome.run({ conversationId, callId: draft.callId, outcome: "running" });
      return false;
    case "tool-call-ended":
      return (
        statements.setCallEnded.run({
          conversationId,
          callId: draft.callId,
          at,
          outcome: draft.outcome,
          refusal: draft.refusal ?? null,
          durationMs: draft.durationMs ?? null,
          cause: draft.cause === undefined ? null : keepable(draft.cause),
        }) > 0
      );
    case "tool-call-settled":
      statements.setCallOutcome.run({ conversationId, callId: draft.callId, outcome: draft.outcome });
      return false;
    default:
      return false;
  }
}

function approvalOf({ decision, by }: DraftOf<"approval-decided">, at: number): CallRecord["approval"] {
  return { decision, by: by.id, ...(by.name === undefined ? {} : { byName: by.name }), at };
}

/** A text as every database can keep it in a column. */
export function keepable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{fffd}");
}
