import type { Cost, Usage } from "../../../protocol/events.ts";
import type { Assistant } from "./assistant.ts";

/** The place that a new answer has within its assistant's budget, until its run rests. */
export interface BudgetSeat {
  close(): void;
}

/** Why a new answer is refused, for staff. */
export interface BudgetRefusal {
  readonly cause: string;
}

/** The port that keeps assistants within what they may use. Its words (assistant, run, turn, step) are in docs/words.md. */
export interface Budgets {
  /** Asked before the first step of an answer. Those that run are never ended. */
  admit(assistant: Assistant): Promise<BudgetSeat | BudgetRefusal>;
  /** What was written to the journal, right after it was. */
  used(assistant: Assistant, usage: Usage, cost: Cost | undefined): void;
  /** What no event says: a draft of a reply, a step that was cut. It is kept beside the journal. */
  usedUnwritten(assistant: Assistant, usage: Usage, cost: Cost | undefined): void;
}
