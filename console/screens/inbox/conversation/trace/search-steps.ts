import type { JournalEvent } from "../../../../../protocol/events.ts";
import type { Step } from "./step.ts";

/** Each event in small letters, made when it is first searched. */
const known = new WeakMap<JournalEvent, string>();

/** The steps whose name or events hold all of these words, in capitals or small letters. */
export function searchSteps(steps: readonly Step[], words: string): readonly Step[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return steps;
  return steps.filter((step) => {
    const name = step.name.toLowerCase();
    return wanted.every((word) => name.includes(word) || step.events.some((event) => textOf(event).includes(word)));
  });
}

function textOf(event: JournalEvent): string {
  const found = known.get(event) ?? leavesOf(event).join("\n").toLowerCase();
  known.set(event, found);
  return found;
}

/** What is said, without the names of fields: "lid" is not in every "callId". */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === "string" ? [value] : [JSON.stringify(value) ?? ""];
}

/** The step that an address names by the number of one of its events. */
export function findStep(steps: readonly Step[], id: string): Step | undefined {
  return steps.find((step) => step.id === id) ?? steps.find(({ events }) => events.some(({ seq }) => String(seq) === id));
}
