import { html, nothing, type TemplateResult } from "lit";
import type { Usage } from "../../api/types.ts";
import { formatDay, formatNumber } from "../../foundation/format.ts";
import "./chart.ts";
import type { Series } from "./chart.ts";
import {
  approvalShare,
  costText,
  decidedOf,
  durationText,
  failedShare,
  findings,
  goodShare,
  percentText,
  sentOf,
  tokensOf,
  voiceText,
  withoutPerson,
} from "./findings.ts";
import { type NumbersColumn, numbersTable } from "./numbers-table.ts";
import { usageWords } from "./usage-words.ts";

type Day = Usage["days"][number];
type Tool = Usage["tools"][number];
export type Table = "days" | "tools" | "models" | "assistants";

interface Part {
  readonly name: string;
  readonly finding: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly tables: readonly TemplateResult[];
  readonly csv: Table;
}

const number = (value: number): string => formatNumber(value);
const dayOf = (zone: string): NumbersColumn<Day> => ({
  label: usageWords.day,
  cell: ({ day, start }) => `${formatDay(start, zone)} (${day})`,
});

/** What is drawn of a report: a finding, the lines behind it, and the table behind those. */
export function usageParts(usage: Usage, names: ReadonlyMap<string, string>, csvHref: (table: Table) => string): TemplateResult {
  const parts = [conversations(usage), tools(usage), models(usage), approvals(usage), feedback(usage)];
  return html`${parts.map((part) => drawn(part, usage, csvHref))}
  ${
    usage.assistants.length < 2
      ? nothing
      : html`<section class="usage-part">
          <header>
            <h2>${usageWords.assistants}</h2>
            ${csvLink(usageWords.assistants, csvHref("assistants"))}
          </header>
          ${assistantsTable(usage, names)}
        </section>`
  }`;
}

function drawn(
  { name, finding, unit, series, tables, csv }: Part,
  { zone, days }: Usage,
  csvHref: (table: Table) => string,
): TemplateResult {
  const isEmpty = series.every(({ values }) => values.every((value) => value === undefined || value === 0));
  return html`<section class="usage-part">
    <header>
      <h2>${finding}</h2>
      ${csvLink(name, csvHref(csv))}
    </header>
    ${
      isEmpty
        ? nothing
        : html`<desk-chart
            label=${`${name}: ${finding}`}
            zone=${zone}
            unit=${unit}
            dayLabel=${usageWords.day}
            .times=${days.map(({ start }) => start)}
            .series=${series}
          ></desk-chart>`
    }
    <details class="disclosure">
      <summary>${usageWords.numbers}<span class="visually-hidden">: ${name}</span></summary>
      ${tables}
    </details>
  </section>`;
}

function csvLink(name: string, href: string): TemplateResult {
  return html`<a class="button quiet" href=${href} download aria-label=${usageWords.csvOf(name)}>${usageWords.csv}</a>`;
}

/** A line that stands for the worse of two is dashed: colour alone tells them apart for few. */
type Look = Series["colour"] | readonly [colour: Series["colour"], "dashed"];

function line(label: string, look: Look, days: readonly Day[], value: (day: Day) => number | undefined): Series {
  const [colour, dashed] = typeof look === "string" ? [look] : look;
  return { label, colour, values: days.map(value), isDashed: dashed !== undefined };
}

function conversations(usage: Usage): Part {
  const { days, zone } = usage;
  return {
    name: usageWords.conversations,
    finding: findings(usage).conversations,
    unit: usageWords.conversations,
    csv: "days",
    series: [
      line(usageWords.conversations, "--accent", days, (day) => day.conversations),
      line(usageWords.withPerson, ["--warning", "dashed"], days, (day) => day.metPerson),
    ],
    tables: [
      numbersTable<Day>(
        usageWords.conversations,
        [
          dayOf(zone),
          { label: usageWords.conversations, cell: (day) => number(day.conversations) },
          { label: usageWords.withPerson, cell: (day) => number(day.metPerson) },
          { label: usageWords.withoutPerson, cell: (day) => percentText(withoutPerson(day)) },
          { label: usageWords.answers, cell: ({ answers }) => number(answers.done + answers.stopped + answers.failed) },
          { label: usageWords.failedAnswers, cell: ({ answers }) => number(answers.failed) },
          { label: usageWords.overBudget, cell: ({ overBudget }) => number(overBudget) },
          { label: usageWords.voiceCalls, cell: voiceText },
        ],
        days,
      ),
    ],
  };
}

function tools(usage: Usage): Part {
  const { days, zone, toolsBefore } = usage;
  const before = (tool: Tool) => toolsBefore.find((one) => one.server === tool.server && one.tool === tool.tool);
  return {
    name: usageWords.tools,
    finding: findings(usage).tools,
    unit: usageWords.callsUnit,
    csv: "tools",
    series: [
      line(usageWords.calls, "--accent", days, (day) => sentOf(day.calls)),
      line(usageWords.failedCalls, ["--bad", "dashed"], days, (day) => day.calls.failed),
    ],
    tables: [
      numbersTable<Tool>(
        usageWords.tools,
        [
          { label: usageWords.tool, cell: ({ server, tool }) => `${tool} · ${server}` },
          { label: usageWords.calls, cell: ({ calls }) => number(sentOf(calls)) },
          { label: usageWords.failedShare, cell: ({ calls }) => percentText(failedShare(calls)) },
          { label: usageWords.before, cell: (tool) => percentText(failedShare(before(tool)?.calls ?? NO_CALLS)) },
          { label: usageWords.median, cell: ({ ms }) => durationText(ms?.p50) },
          { label: usageWords.p95, cell: ({ ms }) => durationText(ms?.p95) },
          { label: usageWords.p99, cell: ({ ms }) => durationText(ms?.p99) },
        ],
        usage.tools,
      ),
      html`<p class="muted">${usageWords.approximately}</p>`,
      numbersTable<Day>(
        usageWords.calls,
        [
          dayOf(zone),
          { label: usageWords.calls, cell: (day) => number(sentOf(day.calls)) },
          { label: usageWords.failedCalls, cell: (day) => number(day.calls.failed) },
        ],
        days,
      ),
    ],
  };
}

const NO_CALLS = { ok: 0, failed: 0, cancelled: 0, unknown: 0, refused: 0 };

function models(usage: Usage): Part {
  const { days, zone, totals } = usage;
  return {
    name: usageWords.models,
    finding: findings(usage).models,
    unit: usageWords.tokens,
    csv: "models",
    series: [
      line(usageWords.input, "--accent", days, ({ tokens }) => tokens.input),
      line(usageWords.cached, ["--muted", "dashed"], days, ({ tokens }) => tokens.cached),
      line(usageWords.output, "--warning", days, ({ tokens }) => tokens.output),
    ],
    tables: [
      numbersTable<Usage["models"][number]>(
        usageWords.models,
        [
          { label: usageWords.model, cell: ({ model }) => model },
          { label: usageWords.steps, cell: ({ steps }) => number(steps) },
          ...tokenColumns(),
          { label: usageWords.median, cell: ({ stepMs }) => durationText(stepMs?.p50) },
          { label: usageWords.p95, cell: ({ stepMs }) => durationText(stepMs?.p95) },
        ],
        usage.models,
      ),
      totals.unpricedSteps === 0 ? html`` : html`<p class="muted">${usageWords.unpriced(number(totals.unpricedSteps))}</p>`,
      totals.uncountedSteps === 0 ? html`` : html`<p class="muted">${usageWords.uncounted(number(totals.uncountedSteps))}</p>`,
      numbersTable<Day>(usageWords.tokens, [dayOf(zone), ...tokenColumns()], days),
    ],
  };
}

function tokenColumns(): readonly NumbersColumn<Pick<Day, "tokens" | "costs" | "steps" | "unpricedSteps">>[] {
  return [
    { label: usageWords.input, cell: ({ tokens }) => number(tokens.input) },
    { label: usageWords.cached, cell: ({ tokens }) => number(tokens.cached) },
    { label: usageWords.output, cell: ({ tokens }) => number(tokens.output) },
    { label: usageWords.cost, cell: costText },
  ];
}

function approvals(usage: Usage): Part {
  const { days, zone } = usage;
  return {
    name: usageWords.approvals,
    finding: findings(usage).approvals,
    unit: usageWords.approvals,
    csv: "days",
    series: [
      line(usageWords.approvalRate, "--accent", days, (day) => day.approvals.approved),
      line(usageWords.rejected, "--bad", days, (day) => day.approvals.rejected),
      line(usageWords.expired, ["--muted", "dashed"], days, (day) => day.approvals.expired),
    ],
    tables: [
      numbersTable<Day>(
        usageWords.approvals,
        [
          dayOf(zone),
          { label: usageWords.approvals, cell: (day) => number(decidedOf(day.approvals)) },
          { label: usageWords.approvalRate, cell: (day) => percentText(approvalShare(day)) },
          { label: usageWords.rejected, cell: (day) => number(day.approvals.rejected) },
          { label: usageWords.expired, cell: (day) => number(day.approvals.expired) },
          { label: usageWords.approvalWait, cell: (day) => durationText(day.approvalMs?.p50) },
          { label: usageWords.p95, cell: (day) => durationText(day.approvalMs?.p95) },
        ],
        days,
      ),
    ],
  };
}

function feedback(usage: Usage): Part {
  const { days, zone } = usage;
  return {
    name: usageWords.feedback,
    finding: findings(usage).feedback,
    unit: usageWords.ratings,
    csv: "days",
    series: [
      line(usageWords.up, "--accent", days, (day) => day.feedback.up),
      line(usageWords.down, ["--bad", "dashed"], days, (day) => day.feedback.down),
    ],
    tables: [
      numbersTable<Day>(
        usageWords.feedback,
        [
          dayOf(zone),
          { label: usageWords.up, cell: (day) => number(day.feedback.up) },
          { label: usageWords.down, cell: (day) => number(day.feedback.down) },
          { label: usageWords.good, cell: (day) => percentText(goodShare(day)) },
        ],
        days,
      ),
    ],
  };
}

function assistantsTable({ assistants }: Usage, names: ReadonlyMap<string, string>): TemplateResult {
  return numbersTable<Usage["assistants"][number]>(
    usageWords.assistants,
    [
      { label: usageWords.assistant, cell: ({ assistant }) => names.get(assistant) ?? assistant },
      { label: usageWords.conversations, cell: (one) => number(one.conversations) },
      { label: usageWords.voiceCalls, cell: voiceText },
      { label: usageWords.withoutPerson, cell: (one) => percentText(withoutPerson(one)) },
      { label: usageWords.failedCalls, cell: (one) => percentText(failedShare(one.calls)) },
      { label: usageWords.tokens, cell: (one) => number(tokensOf(one)) },
      { label: usageWords.cost, cell: costText },
      { label: usageWords.good, cell: (one) => percentText(goodShare(one)) },
    ],
    assistants,
  );
}
