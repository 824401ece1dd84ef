import type { EventType } from "../../../protocol/events.ts";

const ASIDES: ReadonlySet<string> = new Set<EventType>(["voice-call-started", "voice-call-ended", "speech-heard", "speech-cut"]);

/** Whether nobody has to answer an event of this type, so that it gives a conversation no work. */
export function isAside({ type }: { readonly type: string }): boolean {
  return ASIDES.has(type);
}
