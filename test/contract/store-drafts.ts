import type { EventDraft } from "../../protocol/events.ts";
import type { Store } from "../../server/conversation/ports/store.ts";

/** Drafts as short as a test about the store needs them: what the store does not look at is always the same. */
type DraftOf<Type extends EventDraft["type"]> = Extract<EventDraft, { type: Type }>;

export const CONVERSATION = "conversation-1";
export const TURN = "turn-0001";
export const CREATE = { assistant: "shop", customerId: "customer-1" } as const;
export const CUSTOMER = { kind: "customer", id: "customer-1" } as const;

export function message(messageId: string, text = "Where is my order?"): EventDraft {
  return { type: "message-received", messageId, text, by: CUSTOMER };
}

export function stop(): EventDraft {
  return { type: "stop-requested", turnId: TURN, by: CUSTOMER };
}

/** Nobody has to answer it. */
export function heard(text = "It is on its way."): EventDraft {
  return { type: "speech-heard", voiceCallId: "voice-call-1", kind: "answer", turnId: TURN, step: 0, text };
}

export function summary(throughSeq: number): EventDraft {
  return { type: "summary-written", throughSeq, text: "They talked about an order." };
}

export function proposed(callId: string, changes: Partial<DraftOf<"tool-call-proposed">> = {}): EventDraft {
  return {
    type: "tool-call-proposed",
    turnId: TURN,
    step: 1,
    callId,
    tool: { source: "mcp", server: "orders", serverName: "Orders", tool: "refund_order", title: "Refund an order" },
    arguments: { order: "1042" },
    definitionHash: "definition-1",
    ...changes,
  };
}

export function approvalRequested(approvalId: string, callId: string, changes: Partial<DraftOf<"approval-requested">> = {}): EventDraft {
  return {
    type: "approval-requested",
    turnId: TURN,
    callId,
    approvalId,
    approver: "customer",
    arguments: { order: "1042" },
    fields: [],
    argumentsHash: "arguments-1",
    definitionHash: "definition-1",
    rememberable: true,
    expiresAt: 1_000,
    ...changes,
  };
}

export function decided(approvalId: string, callId: string, changes: Partial<DraftOf<"approval-decided">> = {}): EventDraft {
  return { type: "approval-decided", turnId: TURN, callId, approvalId, decision: "approved", scope: "once", by: CUSTOMER, ...changes };
}

export function started(callId: string, approvalId?: string): EventDraft {
  return { type: "tool-call-started", turnId: TURN, callId, attempt: 1, ...(approvalId === undefined ? {} : { approvalId }) };
}

export function ended(callId: string): EventDraft {
  return { type: "tool-call-ended", turnId: TURN, callId, outcome: "ok", text: "done", bytes: 4 };
}

/** A conversation with one message, at time 1. */
export async function begin(store: Store, conversationId = CONVERSATION): Promise<void> {
  await store.append({ conversationId, at: 1, create: CREATE, events: [message("message-1")] });
}

/** A conversation where an approval waits for `call-0001`. */
export async function ask(store: Store, approvalId = "approval-1", changes: Partial<DraftOf<"approval-requested">> = {}): Promise<void> {
  await begin(store);
  await store.append({
    conversationId: CONVERSATION,
    at: 2,
    events: [proposed("call-0001"), approvalRequested(approvalId, "call-0001", changes)],
  });
}
