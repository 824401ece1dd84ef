import type { EventDraft } from "../../../protocol/events.ts";
import type { ConversationRow } from "./statements.ts";
import { keepable } from "./call-records.ts";

/** Who answers in a conversation, and what of it waits for the staff. */
export type Standing = Pick<ConversationRow, "person_id" | "person_name" | "asked_at" | "closed_at" | "unknown_calls">;

/** The standing after an event; the same object where it changes nothing. */
export function standingAfter(before: Standing, draft: EventDraft, at: number): Standing {
  switch (draft.type) {
    case "message-received":
    case "conversation-reopened":
      return before.closed_at === null ? before : { ...before, closed_at: null };
    case "person-asked":
      return before.asked_at === null && before.person_id === null ? { ...before, asked_at: at } : before;
    case "person-joined":
      return { ...before, person_id: keepable(draft.by.id), person_name: keepable(draft.by.name ?? ""), asked_at: null, closed_at: null };
    case "handed-back":
      return { ...before, person_id: null, person_name: null, asked_at: null };
    case "conversation-closed":
      return { ...before, person_id: null, person_name: null, asked_at: null, closed_at: at };
    case "tool-call-ended":
      return draft.outcome === "unknown" ? { ...before, unknown_calls: before.unknown_calls + 1 } : before;
    case "tool-call-settled":
      return draft.outcome === "unknown" ? before : { ...before, unknown_calls: Math.max(0, before.unknown_calls - 1) };
    default:
      return before;
  }
}
