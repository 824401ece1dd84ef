import * as z from "zod";
import type { Staff } from "../../../identity/staff/actions.ts";
import { budgetStandingSchema, type BudgetStanding } from "../../../usage/assistant-budgets.ts";
import { dayAfter, daysBetween, ZoneDays } from "../../../usage/days.ts";
import { callsOf, type Figures } from "../../../usage/figures.ts";
import { MOST_DAYS, type UsageReport, type UsageReports, usageReportSchema } from "../../../usage/usage-reports.ts";
import type { Clock } from "../../../foundation/clock.ts";
import { isTimeZone } from "../../../foundation/time-zone.ts";
import { EXPORT_TYPES, exportFile, formatSchema } from "../export-file.ts";
import { queryFault } from "../query-fault.ts";
import { type Route, route } from "../route.ts";

export interface UsageRoutesPorts {
  readonly reports: Pick<UsageReports, "report">;
  /** Whose numbers somebody sees. With a key it throws `RequestError` where that one is not theirs. */
  readonly assistants: (staff: Staff, key: string | undefined) => Promise<readonly string[]>;
  readonly budgets: (assistants: readonly string[]) => Promise<readonly BudgetStanding[]>;
  readonly clock: Pick<Clock, "now">;
}

const day = z.iso.date();
const DEFAULT_DAYS = 30;

const query = z.object({
  format: formatSchema,
  of: z.enum(["days", "tools", "models", "assistants"]).default("days").describe("Which of its tables is the file."),
  assistant: z.string().max(200).optional().describe("By default all whose numbers you may see."),
  from: day.optional().describe("A date of the zone, such as 2026-11-01. By default 29 days before `to`."),
  to: day.optional().describe("The last date, counted too. By default today."),
  zone: z
    .string()
    .max(100)
    .refine(isTimeZone, 'expected a time zone such as "Europe/Berlin"')
    .default("UTC")
    .describe("The IANA time zone whose days they are."),
});

const answerSchema = usageReportSchema.extend({
  budgets: z.array(budgetStandingSchema).describe("How much of their budgets assistants have used in the present day or month."),
});

/** What assistants did and used, in numbers. */
export function usageRoutes({ reports, assistants, budgets, clock }: UsageRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/usage",
      operationId: "readUsage",
      tag: "Usage",
      summary: "Conversations, tools, models, approvals and feedback in numbers, by days of a time zone. Owners see their own assistants'",
      action: "usage.read",
      query,
      response: answerSchema.meta({ id: "Usage" }),
      streams: EXPORT_TYPES,
      handle: async ({ staff, query: { format, of, assistant, zone, ...dates }, signal }) => {
        const keys = await assistants(staff, assistant);
        const asked = { assistants: keys, zone, ...daysOf(dates, new ZoneDays(zone).dateAt(clock.now())) };
        const report = await reports.report(asked, signal);
        if (format === "json") return { body: { ...report, budgets: [...(await budgets(keys))] } };
        const rows = rowsOf(report, of);
        return exportFile<Cells>({
          format,
          fileName: `usage-${of}`,
          columns: Object.keys(rows[0] ?? { [of]: "" }),
          cells: (row) => row,
          readPage: async (last, limit) => {
            const from = last === undefined ? 0 : rows.indexOf(last) + 1;
            return rows.slice(from, from + limit);
          },
          signal,
        });
      },
    }),
  ];
}

function daysOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, today: string) {
  const last = to ?? today;
  const first = from ?? dayAfter(last, 1 - DEFAULT_DAYS);
  if (first > last) throw queryFault("/from", "This is after the last day.");
  if (daysBetween(first, last) > MOST_DAYS) throw queryFault("/from", `A report covers at most ${MOST_DAYS} days.`);
  if (first < "1970-01-03" || last > "9998-12-31") throw queryFault("/from", "There were no assistants then.");
  return { from: first, to: last };
}

type Cells = Readonly<Record<string, string | number | undefined>>;

function rowsOf(report: UsageReport, of: "days" | "tools" | "models" | "assistants"): readonly Cells[] {
  switch (of) {
    case "days":
      return report.days.map(({ day: date, ...figures }) => ({ day: date, zone: report.zone, ...cellsOf(figures) }));
    case "assistants":
      return report.assistants.map(({ assistant, ...figures }) => ({ assistant, ...cellsOf(figures) }));
    case "tools":
      return report.tools.map(({ server, tool, calls, ms }) => ({ server, tool, calls: callsOf(calls), ...calls, ...timesOf("ms", ms) }));
    case "models":
      return report.models.map(({ model, ...figures }) => ({ model, ...modelCells(figures) }));
  }
}

function cellsOf(figures: Figures): Cells {
  const { approvals, answers, calls, feedback } = figures;
  return {
    conversations: figures.conversations,
    metPerson: figures.metPerson,
    answersDone: answers.done,
    answersStopped: answers.stopped,
    answersFailed: answers.failed,
    overBudget: figures.overBudget,
    approved: approvals.approved,
    rejected: approvals.rejected,
    expired: approvals.expired,
    withdrawn: approvals.withdrawn,
    ...timesOf("approvalMs", figures.approvalMs),
    callsOk: calls.ok,
    callsFailed: calls.failed,
    callsCancelled: calls.cancelled,
    callsUnknown: calls.unknown,
    callsRefused: calls.refused,
    ...timesOf("callMs", figures.callMs),
    ...modelCells(figures),
    feedbackUp: feedback.up,
    feedbackDown: feedback.down,
    voiceCalls: figures.voiceCalls,
    voiceMs: figures.voiceMs,
  };
}

/** A cost is written where it is known of all steps: a part of it would look like all of it. */
function modelCells(figures: Pick<Figures, "steps" | "uncountedSteps" | "unpricedSteps" | "tokens" | "costs" | "stepMs">): Cells {
  const { tokens, costs, unpricedSteps } = figures;
  return {
    steps: figures.steps,
    uncountedSteps: figures.uncountedSteps,
    unpricedSteps,
    inputTokens: tokens.input,
    cachedTokens: tokens.cached,
    outputTokens: tokens.output,
    knownCost: costs.map(({ amount, currency }) => `${Number(amount.toFixed(6))} ${currency}`).join("; "),
    cost: unpricedSteps > 0 ? "unknown" : costs.map(({ amount, currency }) => `${Number(amount.toFixed(6))} ${currency}`).join("; "),
    ...timesOf("stepMs", figures.stepMs),
  };
}

function timesOf(name: string, times: Figures["callMs"]): Cells {
  const rounded = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms));
  return { [`${name}P50`]: rounded(times?.p50), [`${name}P95`]: rounded(times?.p95), [`${name}P99`]: rounded(times?.p99) };
}
