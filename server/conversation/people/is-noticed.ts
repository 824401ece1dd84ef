import type { JournalEvent } from "../../../protocol/events.ts";
import type { NoticedEvent } from "../ports/notices.ts";

const NOTICED: readonly string[] = [
  "person-asked",
  "contact-left",
  "person-joined",
  "handed-back",
  "conversation-closed",
] satisfies NoticedEvent["type"][];

/** Whether somebody of the staff may want to hear of it at once. */
export function isNoticed(event: JournalEvent): event is NoticedEvent {
  return NOTICED.includes(event.type);
}
