import type { EventType } from "../../../protocol/events.ts";

const ASIDES: ReadonlySet<string> = new Set<EventType>([
  "voice-call-started",
  "voice-call-ended",
  "speech-heard",
  "speech-cut",
  "view-context",
  "view-noted",
  // Those of a turn come under its lease, and after its beginning: others are a view's, whose end is not a run's work.
  "tool-call-proposed",
  "approval-requested",
  "tool-call-started",
  "tool-call-ended",
]);

/**
 * Whether nobody has to answer an event of this type where no turn is open, so that it gives a conversation no work.
 */
export function isAside({ type }: { readonly type: string }): boolean {
  return ASIDES.has(type);
}
