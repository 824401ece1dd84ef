import type { EventOf, JournalEvent } from "../../../../../protocol/events.ts";
import { formatMoney } from "../../../../foundation/format.ts";
import { traceWords } from "./trace-words.ts";

/** A model was asked, and somebody pays for it. */
export function isPaid(event: JournalEvent): event is EventOf<"step-ended" | "sampling-ended" | "summary-written"> {
  return event.type === "step-ended" || event.type === "sampling-ended" || event.type === "summary-written";
}

/** What these events cost together; a part of it is not all of it. */
export function costOfAll(events: readonly JournalEvent[]): string {
  const asked = events.filter((event) => isPaid(event)).filter(({ model, usage }) => model !== undefined || usage !== undefined);
  const sums = new Map<string, number>();
  for (const { cost } of asked) if (cost !== undefined) sums.set(cost.currency, (sums.get(cost.currency) ?? 0) + cost.amount);
  if (sums.size === 0) return traceWords.costUnknown;
  const known = [...sums].map(([currency, amount]) => formatMoney(amount, currency)).join(" + ");
  return asked.every(({ cost }) => cost !== undefined) ? traceWords.cost(known) : traceWords.costAtLeast(known);
}
