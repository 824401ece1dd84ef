import type { JournalEvent } from "../../protocol/events.ts";

/** A conversation's whole journal. */
export interface WholeJournal {
  readonly assistant: string;
  readonly preview: boolean;
  readonly events: readonly JournalEvent[];
}

const QUARTER_MS = 900_000;

/**
 * What the store ought to have counted, from the journals alone and without regard for how it counts:
 * `assistant quarter measure subject` → amount, and the same with how many times were measured.
 */
export function countedFrom(journals: readonly WholeJournal[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const journal of journals) {
    const add = (at: number, measure: string, subject: string, amount = 1): void => {
      const name = [journal.assistant, Math.floor(at / QUARTER_MS), measure, subject].join("|");
      sums[name] = (sums[name] ?? 0) + amount;
    };
    for (const event of journal.events) {
      if (event.type !== "step-ended") continue;
      const model = event.model ?? "";
      const { inputTokens, outputTokens, cachedTokens = 0 } = event.usage ?? {};
      add(event.at, "steps", model);
      if (inputTokens === undefined && outputTokens === undefined) add(event.at, "uncounted-steps", model);
      if (inputTokens !== undefined) add(event.at, "input-tokens", model, inputTokens);
      if (outputTokens !== undefined) add(event.at, "output-tokens", model, outputTokens);
      if (cachedTokens > 0) add(event.at, "cached-tokens", model, cachedTokens);
      if (event.cost === undefined) add(event.at, "unpriced-steps", model);
      else add(event.at, "cost", `${event.cost.currency} ${model}`, event.cost.amount);
      if (event.durationMs !== undefined) add(event.at, "step-ms", model);
    }
    if (!journal.preview) countCustomer(journal.events, add);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

type Add = (at: number, measure: string, subject: string, amount?: number) => void;

function countCustomer(events: readonly JournalEvent[], add: Add): void {
  const begun = events[0]!.at;
  add(begun, "conversations", "");
  if (events.some(({ type }) => type === "person-asked" || type === "person-joined" || type === "reply-sent")) add(begun, "met-person", "");
  const newest = new Map<string, JournalEvent & { type: "feedback-given" }>();
  for (const event of events) {
    if (event.type === "turn-ended") add(event.at, "turns", [event.outcome, ...(event.error === undefined ? [] : [event.error])].join(" "));
    if (event.type === "voice-call-ended") {
      add(event.at, "voice-calls", event.reason);
      add(event.at, "voice-ms", "", event.durationMs);
    }
    if (event.type === "feedback-given") newest.set(event.turnId, event);
    if (event.type === "tool-call-ended") {
      const call = events.find((one) => one.type === "tool-call-proposed" && one.callId === event.callId);
      if (call?.type !== "tool-call-proposed" || call.tool.source === "host") continue;
      const name = `${call.tool.server}/${call.tool.tool}`;
      add(event.at, "calls", `${event.outcome} ${name}`);
      if (event.durationMs !== undefined && event.outcome !== "refused") add(event.at, "call-ms", name);
    }
    if (event.type === "approval-decided") {
      add(event.at, "approvals", `${event.by.kind} ${event.decision}`);
      if (event.by.kind !== "system") add(event.at, "approval-ms", event.by.kind);
    }
  }
  for (const event of newest.values()) if (event.rating !== "none") add(event.at, "feedback", event.rating);
}
