import type { EventOf, JournalEvent } from "../../../../../protocol/events.ts";
import { callStep, type Draft, draft, type OpenTurn } from "./call-steps.ts";

/** What went wrong with a view, or was kept from it. */
const FAILED: readonly string[] = ["initialize-refused", "not-started", "failed", "call-refused"];

/**
 * What views of calls did: each is a row of its own at its time, since the turn of the call may have ended long before.
 * Their calls are rows as those of turns are, with what they waited for under them.
 */
export class ViewSteps {
  /** All calls of views: not a turn, and never shown as one. */
  readonly #calls: Pick<OpenTurn, "calls" | "parts"> = { calls: new Map(), parts: [] };

  /** The row that begins with it; `true`: it belongs to one that began; `false`: it is not of a view. */
  take(event: JournalEvent): Draft | boolean {
    if (event.type === "view-noted" || event.type === "view-context") return point(event);
    if (!("callId" in event)) return false;
    if (event.type === "tool-call-proposed" ? event.byView === undefined : !this.#calls.calls.has(event.callId)) return false;
    callStep(event, this.#calls);
    const begun = this.#calls.parts.pop();
    return begun === undefined ? true : Object.assign(begun, { depth: 0 as const });
  }

  /** What a call of a view waited for. */
  partsOf({ callId = "" }: Draft): readonly Draft[] {
    return (this.#calls.calls.get(callId)?.parts ?? []).map((part) => ({ ...part, depth: 1 }));
  }
}

function point(event: EventOf<"view-noted" | "view-context">): Draft {
  const step = draft(event, "view");
  step.to = event.at;
  step.name = event.type === "view-context" ? event.text : (event.detail ?? "");
  step.isFailed = event.type === "view-noted" && FAILED.includes(event.what);
  return step;
}

/** Whether a call was made by a view. */
export function isOfView(events: readonly JournalEvent[]): boolean {
  return events.some((event) => event.type === "tool-call-proposed" && event.byView !== undefined);
}
