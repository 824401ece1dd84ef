import * as z from "zod";
import type { Cost, Usage } from "../../protocol/events.ts";
import type { Assistant, Budget } from "../conversation/ports/assistant.ts";
import type { BudgetRefusal, Budgets, BudgetSeat } from "../conversation/ports/budgets.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { ZoneDays, type ZoneDay } from "./days.ts";
import type { BudgetNotice, BudgetNotices, CountRow, UnwrittenCounts, UsageCounts } from "./ports.ts";
import { QUARTER_MS, quarterOf } from "./quarter.ts";

export interface AssistantBudgetsPorts {
  readonly usage: UsageCounts & UnwrittenCounts;
  readonly notices: BudgetNotices;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

const time = z.number().describe("Milliseconds since 1970.");

export const budgetStandingSchema = z
  .object({
    assistant: z.string(),
    budget: z.string().describe("tokensPerDay, tokensPerMonth, costPerDay or costPerMonth."),
    used: z.number(),
    most: z.number(),
    currency: z.string().optional().describe("Of a cost."),
    warnAt: z.number(),
    stop: z.boolean(),
    periodStart: time,
    periodEnd: time,
  })
  .meta({ id: "BudgetStanding" });
export type BudgetStanding = z.infer<typeof budgetStandingSchema>;

const LIMITS = [
  { name: "tokensPerDay", of: "tokens", per: "day" },
  { name: "tokensPerMonth", of: "tokens", per: "month" },
  { name: "costPerDay", of: "cost", per: "day" },
  { name: "costPerMonth", of: "cost", per: "month" },
] as const;
type Limit = (typeof LIMITS)[number];

interface Amounts {
  tokens: number;
  cost: number;
}

/** What is used in a period, from the store's sums at first, and then as it is told. */
interface Period {
  readonly span: ZoneDay;
  readonly used: Amounts;
}

interface Known {
  readonly zone: string;
  readonly currency: string | undefined;
  readonly readAt: number;
  readonly day: Period;
  readonly month: Period;
  /** What an answer took on average this month. */
  readonly average: Amounts;
}

/** Until an answer has ended, one is thought to take this. */
const FIRST_GUESS_TOKENS = 4_000;
/** Other processes count too, and a sum that was told while it was read is put right. */
const READ_AGAIN_MS = 10 * 60_000;

/**
 * Budgets of assistants, kept in this process: what is used comes from the store once, and each step is added as it is
 * written. An answer that begins sets aside what answers take on average, so many that begin at once do not all see the
 * last of a budget; what they take beyond their average is how far they may run over it.
 */
export class AssistantBudgets implements Budgets {
  readonly #ports: AssistantBudgetsPorts;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Known>>();
  readonly #seats = new Map<string, number>();
  /** What no journal says is in the store before its sums are read. */
  #keeping: Promise<unknown> = Promise.resolve();
  readonly #told = new Set<string>();
  readonly #listeners = new Set<(notice: BudgetNotice) => void>();

  constructor(ports: AssistantBudgetsPorts) {
    this.#ports = ports;
  }

  /** `listener` is told of each notice once, after it is kept. What it missed is in `BudgetNotices.list`. */
  onNotice(listener: (notice: BudgetNotice) => void): void {
    this.#listeners.add(listener);
  }

  /** How much is used of the present day and month. */
  async standing(assistant: Assistant): Promise<readonly BudgetStanding[]> {
    const { budget, key, model } = assistant;
    if (budget === undefined) return [];
    const known = await this.#knownOf(assistant, budget);
    return limitsOf(budget).map(({ limit, most }) => ({
      assistant: key,
      budget: limit.name,
      used: known[limit.per].used[limit.of],
      most,
      ...(limit.of === "cost" && model.prices !== undefined ? { currency: model.prices.currency } : {}),
      warnAt: budget.warnAt,
      stop: budget.stop,
      periodStart: known[limit.per].span.from * QUARTER_MS,
      periodEnd: known[limit.per].span.to * QUARTER_MS,
    }));
  }

  async admit(assistant: Assistant): Promise<BudgetSeat | BudgetRefusal> {
    const { budget, key } = assistant;
    if (budget === undefined) return { close: () => undefined };
    const known = await this.#knownOf(assistant, budget);
    const running = this.#seats.get(key) ?? 0;
    for (const { limit, most } of limitsOf(budget)) {
      const used = known[limit.per].used[limit.of];
      if (!budget.stop || used + running * known.average[limit.of] < most) continue;
      const why = used >= most ? "is used up" : `would be used up by the answers that run (${running})`;
      return { cause: `The budget ${limit.name} of ${most} ${why}: ${used} is used.` };
    }
    this.#seats.set(key, running + 1);
    let isOpen = true;
    return {
      close: () => {
        if (isOpen) this.#seats.set(key, (this.#seats.get(key) ?? 1) - 1);
        isOpen = false;
      },
    };
  }

  used(assistant: Assistant, usage: Usage, cost: Cost | undefined): void {
    const { budget, key } = assistant;
    const known = this.#known.get(key);
    if (budget === undefined || known === undefined) return;
    const tokens = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
    const quarter = quarterOf(this.#ports.clock.now());
    for (const { span, used } of [known.day, known.month]) {
      if (quarter < span.from || quarter >= span.to) continue;
      used.tokens += tokens;
      if (cost !== undefined && cost.currency === known.currency) used.cost += cost.amount;
    }
    this.#tell(key, budget, known);
  }

  /** Whatever the assistant's budget is: it is in the sums, and one may be set later. */
  usedUnwritten(assistant: Assistant, usage: Usage, cost: Cost | undefined): void {
    this.used(assistant, usage, cost);
    const { usage: counts, clock, log } = this.#ports;
    const { key, model } = assistant;
    const keeping = counts
      .addUnwritten({ assistant: key, model: model.model, at: clock.now(), usage, ...(cost === undefined ? {} : { cost }) })
      .catch((error: unknown) => log.error({ error: String(error), assistant: key }, "What a model took could not be kept."));
    this.#keeping = Promise.all([this.#keeping, keeping]);
  }

  /** One read at a time for each assistant: many answers may begin while it lasts. */
  #knownOf(assistant: Assistant, budget: Budget): Promise<Known> | Known {
    const now = this.#ports.clock.now();
    const { key, model } = assistant;
    const known = this.#known.get(key);
    const quarter = quarterOf(now);
    const isGood =
      known !== undefined &&
      known.zone === budget.timeZone &&
      known.currency === model.prices?.currency &&
      quarter >= known.day.span.from &&
      quarter < known.day.span.to &&
      now - known.readAt < READ_AGAIN_MS;
    if (isGood) return known;
    const reading = this.#reading.get(key) ?? this.#read(assistant, budget, now).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #read({ key, model, turnTokens }: Assistant, { timeZone }: Budget, now: number): Promise<Known> {
    const days = new ZoneDays(timeZone);
    const [day, month] = [days.periodAt(now, "day"), days.periodAt(now, "month")];
    const currency = model.prices?.currency;
    await this.#keeping;
    const ofDay = await this.#ports.usage.readCounts(key, day);
    const ofMonth = await this.#ports.usage.readCounts(key, month);
    const used = amountsOf(ofMonth, currency);
    const answers = sumOf(ofMonth, "turns", (subject) => subject !== "failed budget-reached");
    const guess = Math.min(FIRST_GUESS_TOKENS, turnTokens);
    const first = { tokens: guess, cost: (guess * Math.max(model.prices?.input ?? 0, model.prices?.output ?? 0)) / 1_000_000 };
    const average = answers === 0 ? first : { tokens: used.tokens / answers, cost: used.cost / answers };
    const known = {
      zone: timeZone,
      currency,
      readAt: now,
      day: { span: day, used: amountsOf(ofDay, currency) },
      month: { span: month, used },
      average,
    };
    this.#known.set(key, known);
    return known;
  }

  #tell(assistant: string, budget: Budget, known: Known): void {
    for (const { limit, most } of limitsOf(budget)) {
      const used = known[limit.per].used[limit.of];
      const periodStart = known[limit.per].span.from * QUARTER_MS;
      if (used >= budget.warnAt * most) this.#notice({ assistant, limit, kind: "warning", periodStart, used, most });
      if (used >= most) this.#notice({ assistant, limit, kind: "reached", periodStart, used, most });
    }
  }

  #notice({ limit, ...rest }: Omit<BudgetNotice, "budget" | "at"> & { readonly limit: Limit }): void {
    const notice: BudgetNotice = { ...rest, budget: limit.name, at: this.#ports.clock.now() };
    const name = [notice.assistant, notice.budget, notice.periodStart, notice.kind].join(" ");
    if (this.#told.has(name)) return;
    this.#told.add(name);
    const { notices, log } = this.#ports;
    notices.keep(notice).then(
      (isNew) => {
        if (!isNew) return;
        log.warn({ ...notice }, notice.kind === "warning" ? "A budget is nearly used up." : "A budget is used up.");
        for (const listener of this.#listeners) listener(notice);
      },
      (error: unknown) => {
        this.#told.delete(name);
        log.error({ error: String(error), assistant: notice.assistant }, "That a budget is used could not be kept.");
      },
    );
  }
}

function limitsOf(budget: Budget): readonly { readonly limit: Limit; readonly most: number }[] {
  return LIMITS.flatMap((limit) => {
    const most = budget[limit.name];
    return most === undefined ? [] : [{ limit, most }];
  });
}

function amountsOf(rows: readonly CountRow[], currency: string | undefined): Amounts {
  return {
    tokens: sumOf(rows, "input-tokens") + sumOf(rows, "output-tokens"),
    cost: sumOf(rows, "cost", (subject) => subject.startsWith(`${currency} `)),
  };
}

function sumOf(rows: readonly CountRow[], measure: CountRow["measure"], isOne: (subject: string) => boolean = () => true): number {
  return rows.reduce((sum, row) => (row.measure === measure && isOne(row.subject) ? sum + row.amount : sum), 0);
}
