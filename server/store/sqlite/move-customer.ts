import type { EventDraft } from "../../../protocol/events.ts";
import type { DocumentChange } from "../../documents/ports.ts";
import type { CustomerMove, MovedJournal } from "../opened-store.ts";
import { writeDocuments } from "./document-changes.ts";
import { moveInbox } from "./inbox-rows.ts";
import type { Statements } from "./statements.ts";
import { bodyOf } from "./stored-json.ts";

/** More conversations than a browser has. */
const MOST = 1_000_000;

/**
 * Gives a customer's conversations to another, inside a transaction. What is due stays due as it was: nobody has to
 * answer this.
 */
export function moveCustomer(
  statements: Statements,
  { assistant, from, to, at }: CustomerMove,
  changes: readonly DocumentChange[],
): readonly MovedJournal[] {
  const found = statements.listOfCustomer
    .all({ customerId: from, limit: MOST })
    .filter((conversation) => (conversation.preview ?? conversation.assistant) === assistant);
  const moved = found.map((conversation): MovedJournal => {
    const { id, last_seq: lastSeq, summary_seq: summarySeq, due_at: dueAt, due_since: dueSince } = conversation;
    const draft = { type: "customer-identified", customerId: to, before: from } as const satisfies EventDraft;
    const seq = lastSeq + 1;
    statements.insertEvent.run({ conversationId: id, seq, at, type: draft.type, body: bodyOf(draft) });
    statements.moveConversation.run({ id, at, lastSeq: seq, summarySeq, dueAt, dueSince });
    statements.giveConversation.run({ id, customerId: to });
    statements.giveCallRecords.run({ conversationId: id, customerId: to });
    const event = { ...draft, seq, at };
    moveInbox(statements, conversation, [event], conversation);
    return { conversationId: id, event };
  });
  writeDocuments(statements, changes, { at });
  return moved;
}
