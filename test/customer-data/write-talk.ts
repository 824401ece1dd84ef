import type { EventDraft } from "../../protocol/events.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { approvalRequested, decided, ended, message, proposed, started } from "../contract/store-drafts.ts";

export const ADMIN = { kind: "person", id: "ada", name: "Ada" } as const;

/** A conversation with a message, a call with its result, an approval and an entry of the audit log that quotes it. */
export async function writeTalk(
  store: Pick<Store, "append" | "keepResultView">,
  talk: { readonly at: number; readonly customerId: string; readonly conversationId: string; readonly words: string },
): Promise<void> {
  const { at, customerId, conversationId, words } = talk;
  const callId = `${conversationId}-call`;
  const approvalId = `${conversationId}-approval`;
  const asked = { arguments: { why: words }, fields: [{ name: "why", title: "Why", value: words }] };
  await store.append({
    conversationId,
    at,
    create: { assistant: "shop", customerId },
    events: [
      message(`${conversationId}-message`, words),
      { type: "turn-started", turnId: "turn-0001", messageId: `${conversationId}-message` },
      proposed(callId, { arguments: { why: words }, argumentsText: JSON.stringify({ why: words }) }),
      approvalRequested(approvalId, callId, { ...asked, expiresAt: at + 1_000 }),
      { type: "approval-given", turnId: "turn-0001", callId, approvalId, argumentsHash: "b", by: { kind: "staff", id: "kim" }, ...asked },
      decided(approvalId, callId, { ...asked, argumentsHash: "b", by: { kind: "staff", id: "ada", name: "Ada" }, reason: words }),
      started(callId, approvalId),
      { ...ended(callId), text: `It says ${words}`, cause: words } as EventDraft,
      { type: "note-written", noteId: `${conversationId}-note`, text: words, by: { kind: "staff", id: "ada", name: "Ada" } },
    ],
    results: { [callId]: { content: [{ kind: "text", text: words.repeat(20) }] } },
    audit: [{ by: ADMIN, action: "approval.decide", target: { kind: "approval", id: approvalId }, after: { reason: words } }],
  });
  await store.keepResultView(conversationId, callId, "details", { content: [{ kind: "text", text: words }] });
}
