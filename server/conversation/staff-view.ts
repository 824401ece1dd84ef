import type { JournalEvent } from "../../protocol/events.ts";
import type { StaffEvent } from "../../protocol/staff-frames.ts";
import { thoughtWords } from "./thought-words.ts";

/**
 * An event as staff may see it: whole, but for what a model thought. That is for its server alone, except for its words,
 * where the owner lets staff read them.
 */
export function staffView(event: JournalEvent, shows: { readonly thoughts: boolean }): StaffEvent {
  if (event.type !== "step-ended") return event;
  const { thoughts, ...shown } = event;
  const thoughtsText = shows.thoughts ? thoughtWords(thoughts?.value) : undefined;
  return { ...shown, ...(thoughtsText === undefined ? {} : { thoughtsText }) };
}
