import type { FindApprover } from "../ports/approvers.ts";
import type { Assistants } from "../ports/assistants.ts";
import type { Budgets } from "../ports/budgets.ts";
import type { FindCustomerFacts } from "../ports/customer-facts.ts";
import type { Meter } from "../ports/meter.ts";
import type { Models } from "../ports/model.ts";
import type { Store } from "../ports/store.ts";
import type { Tools } from "../ports/tools.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";

/** What a run works with. */
export interface RunPorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly assistants: Assistants;
  readonly models: Models;
  readonly tools: Tools;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** What sites say of their customers. Absent: nothing. */
  readonly facts?: FindCustomerFacts;
  readonly approvers: FindApprover;
  /** Absent: nobody has a budget. */
  readonly budgets?: Budgets;
}
