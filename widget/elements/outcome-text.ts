import type { CallPart } from "../thread/state.ts";
import type { CallWords } from "../words/call-words.ts";

/** How a call ended, in a word or two. What a person found out later stands above what was known at the time. */
export function outcomeText({ outcome = "ok", refusal, settled }: CallPart, words: CallWords): string {
  if (settled !== undefined) return words.outcomes[settled.outcome];
  return (refusal && words.refusals[refusal]) ?? words.outcomes[outcome];
}
