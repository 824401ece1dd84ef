import type { EventDraft } from "../../protocol/events.ts";

/**
 * Whether an event is told to those who do not look at the console. Read in each append, so it looks at the event alone;
 * who hears of it, and whether anybody does, is found out later.
 */
export function raises(draft: EventDraft): boolean {
  switch (draft.type) {
    case "approval-requested":
      return draft.approver !== "customer";
    case "approval-decided":
      return draft.decision === "expired";
    case "tool-call-ended":
      return draft.outcome === "unknown";
    case "person-asked":
    case "contact-left":
    case "person-joined":
    case "handed-back":
    case "conversation-closed":
      return true;
    default:
      return false;
  }
}
