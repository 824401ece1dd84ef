import * as z from "zod";
import { dayAfter, daysBetween, ZoneDays, type ZoneDay } from "./days.ts";
import { figuresSchema, modelFiguresSchema, Tally, toolFiguresSchema } from "./figures.ts";
import type { UsageCounts } from "./ports.ts";
import { QUARTER_MS } from "./quarter.ts";

const time = z.number().describe("Milliseconds since 1970.");

export const usageReportSchema = z
  .object({
    zone: z.string(),
    from: z.string(),
    to: z.string(),
    totals: figuresSchema,
    before: figuresSchema.describe("Of as many days right before."),
    days: z.array(z.object({ day: z.string(), start: time, end: time, ...figuresSchema.shape })),
    tools: z.array(toolFiguresSchema).describe("The most used first."),
    toolsBefore: z.array(toolFiguresSchema),
    models: z.array(modelFiguresSchema),
    assistants: z.array(z.object({ assistant: z.string(), ...figuresSchema.shape })).describe("Those of which anything was ever counted."),
  })
  .meta({ id: "UsageReport", description: "What was used, by days of one time zone." });
export type UsageReport = z.infer<typeof usageReportSchema>;

export interface AskedUsage {
  readonly assistants: readonly string[];
  /** Dates of the zone, both counted. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

/** The longest report: a year, and its leap day. */
export const MOST_DAYS = 366;
/** Reads hold the process up, so after as much time others have their turn. */
const STEP_MS = 5;

/** Reports of what was used, read day by day in small steps. */
export class UsageReports {
  readonly #usage: UsageCounts;
  readonly #pause: () => Promise<void>;
  readonly #now: () => number;

  constructor(ports: { usage: UsageCounts; pause?: () => Promise<void>; now?: () => number }) {
    this.#usage = ports.usage;
    this.#pause = ports.pause ?? (() => new Promise((resolve) => setImmediate(resolve)));
    this.#now = ports.now ?? (() => performance.now());
  }

  /** Tells of those of the assistants of which anything was ever counted. */
  async report({ assistants: asked, from, to, zone }: AskedUsage, signal?: AbortSignal): Promise<UsageReport> {
    const counted = new Set(await this.#usage.listAssistants());
    const assistants = asked.filter((assistant) => counted.has(assistant));
    const zoneDays = new ZoneDays(zone);
    const days = zoneDays.between(from, to);
    const whole = new Tally();
    const byDay = days.map((day) => ({ day, tally: new Tally() }));
    const byAssistant: { assistant: string; tally: Tally }[] = [];
    const steps = this.#steps(signal);
    for (const assistant of assistants) {
      const mine = new Tally();
      for (const { day, tally } of byDay) {
        await steps();
        const rows = await this.#read(assistant, day);
        for (const one of [tally, mine, whole]) one.add(...rows);
      }
      byAssistant.push({ assistant, tally: mine });
    }
    const before = new Tally();
    for (const day of zoneDays.between(dayAfter(from, -daysBetween(from, to)), dayAfter(from, -1)))
      for (const assistant of assistants) {
        await steps();
        before.add(...(await this.#read(assistant, day)));
      }
    return {
      zone,
      from,
      to,
      totals: whole.figures(),
      before: before.figures(),
      days: byDay.map(({ day, tally }) => ({ day: day.day, start: day.from * QUARTER_MS, end: day.to * QUARTER_MS, ...tally.figures() })),
      tools: [...whole.tools()],
      toolsBefore: [...before.tools()],
      models: [...whole.models()],
      assistants: byAssistant.map(({ assistant, tally }) => ({ assistant, ...tally.figures() })),
    };
  }

  async #read(assistant: string, span: ZoneDay) {
    return [await this.#usage.readCounts(assistant, span), await this.#usage.readTimes(assistant, span)] as const;
  }

  /** Lets others have their turn from time to time. */
  #steps(signal: AbortSignal | undefined): () => Promise<void> {
    let begun = this.#now();
    return async () => {
      if (this.#now() - begun < STEP_MS) return;
      await this.#pause();
      signal?.throwIfAborted();
      begun = this.#now();
    };
  }
}
