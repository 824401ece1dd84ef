import type { Log } from "../foundation/log.ts";
import type { AssistantBudgets } from "../usage/assistant-budgets.ts";
import type { Notices } from "./open-notices.ts";

/** Whoever wants to hear of budgets is told once of each that is nearly or wholly used up. */
export function tellOfBudgets({ budgets, raise, log }: { budgets: AssistantBudgets; raise: Notices["raise"]; log: Log }): void {
  budgets.onNotice(({ assistant, ...data }) => {
    raise({ event: "budget.warning", assistant, data }).catch((error: unknown) =>
      log.error({ assistant, error: String(error) }, "Nobody could be told that a budget is used."),
    );
  });
}
