import type { Cost, Usage } from "../../protocol/events.ts";
import type { Count, Time } from "./measures.ts";

/** Quarters of an hour: `from <= quarter < to`. */
export interface QuarterSpan {
  readonly from: number;
  readonly to: number;
}

export interface CountRow {
  readonly measure: Count;
  readonly subject: string;
  readonly amount: number;
}

export interface TimeRow {
  readonly measure: Time;
  readonly subject: string;
  readonly bucket: number;
  readonly amount: number;
}

/** What was used, as it is moved in the append's own transaction. Made by `store/`. */
export interface UsageCounts {
  /** The assistants of which anything was ever counted, also those that are gone, by key. */
  listAssistants(): Promise<readonly string[]>;
  /** Sums over the span. */
  readCounts(assistant: string, span: QuarterSpan): Promise<readonly CountRow[]>;
  readTimes(assistant: string, span: QuarterSpan): Promise<readonly TimeRow[]>;
}

/** What a model took and no journal says. `at`: milliseconds since 1970. */
export interface UnwrittenUsage {
  readonly assistant: string;
  readonly model: string;
  readonly at: number;
  readonly usage: Usage;
  readonly cost?: Cost;
}

/** Keeps it in the same sums, as tokens and cost alone. Made by `store/`. */
export interface UnwrittenCounts {
  addUnwritten(used: UnwrittenUsage): Promise<void>;
}

/** That so much of a budget is used. `kind`: the share at which to warn is reached, or the limit itself. */
export interface BudgetNotice {
  readonly assistant: string;
  /** The field of the assistant's `budget`, such as `tokensPerDay`. */
  readonly budget: string;
  readonly kind: "warning" | "reached";
  /** When the day or month began; milliseconds since 1970. */
  readonly periodStart: number;
  readonly at: number;
  readonly used: number;
  readonly most: number;
}

/** Each notice once for its budget and period, also after a restart. Made by `store/`. */
export interface BudgetNotices {
  /** False: it was given before. */
  keep(notice: BudgetNotice): Promise<boolean>;
  /** Those given at `since` or later, newest first. */
  list(since: number): Promise<readonly BudgetNotice[]>;
}
