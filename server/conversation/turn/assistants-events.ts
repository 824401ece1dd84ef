import type { EventDraft } from "../../../protocol/events.ts";

/** Whether only the assistant does this, so that nothing of it may follow after a person joined. What was cut may. */
export function isAssistants(event: EventDraft): boolean {
  return event.type === "turn-started" || (event.type === "step-ended" && event.cut === undefined);
}
