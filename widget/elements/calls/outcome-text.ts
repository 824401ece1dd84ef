import type { CallPart } from "../../thread/state.ts";
import type { Formats } from "../../words/formats.ts";
import type { CallWords } from "../../words/types/call-words.ts";

/** How a call ended, in a word or two. What a person found out later overrides what was known at the time. */
export function outcomeText({ outcome = "ok", refusal, settled }: CallPart, words: CallWords): string {
  if (settled !== undefined) return words.outcomes[settled.outcome];
  return (refusal && words.refusals[refusal]) ?? words.outcomes[outcome];
}

/** "0.4 sec", "12 sec", "3 min": one unit, as much as a person wants to know. */
export function durationText(ms: number, formats: Formats): string {
  const seconds = ms / 1000;
  if (seconds >= 59.5) return formats.amount(Math.round(seconds / 60), "minute", 0);
  return formats.amount(seconds, "second", seconds < 9.95 ? 1 : 0);
}
