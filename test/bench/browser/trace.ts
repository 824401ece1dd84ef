import type { Browser, Page } from "playwright-core";
import * as z from "zod";

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  ts: z.number().optional(),
  /**
   * Microseconds from its beginning to its end; `tdur` of them the thread ran, and nothing else on the machine did in
   * its place.
   */
  dur: z.number().optional(),
  tdur: z.number().optional(),
  pid: z.number(),
  tid: z.number(),
  args: z.looseObject({ name: z.string().optional(), data: z.looseObject({ url: z.string().optional() }).optional() }).optional(),
});
const traceSchema = z.object({ traceEvents: z.array(eventSchema) });
export type TraceEvent = z.infer<typeof eventSchema>;

const CATEGORIES = ["-*", "devtools.timeline", "toplevel", "v8", "disabled-by-default-devtools.timeline", "__metadata"];

/** What a page's main thread did while `work` ran. */
export async function traced(page: Page, work: () => Promise<void>): Promise<readonly TraceEvent[]> {
  const browser = page.context().browser() as Browser;
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = traceSchema.parse(JSON.parse((await browser.stopTracing()).toString()));
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents.filter(({ pid, tid, ph }) => ph === "X" && threads.has(`${pid} ${tid}`));
}

/** The longest task, in milliseconds that its thread ran: other programs on the machine do not count. */
export function longestTaskMs(events: readonly TraceEvent[]): number {
  return Math.max(0, ...events.filter(({ name }) => name === "RunTask").map(({ dur = 0, tdur = dur }) => tdur / 1000));
}

/** All that the thread did, in milliseconds that it ran. */
export function busyMs(events: readonly TraceEvent[]): number {
  return onceMs(events.filter(({ name }) => name === "RunTask").toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0)));
}

/** All that is script on a page, whoever asked for it. Modules are not named in the trace. */
const SCRIPT = ["EvaluateScript", "FunctionCall", "v8.compile", "v8.compileModule", "v8.evaluateModule", "v8.produceModuleCache"];

/** In their order; not what a bench runs in the page itself, which has no address. */
function scriptsOf(events: readonly TraceEvent[]): readonly TraceEvent[] {
  return events
    .filter(({ name, args }) => SCRIPT.includes(name) && (name.includes("odule") || args?.data?.url?.startsWith("http") === true))
    .toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
}

/** How long the page's scripts took, all of them, in milliseconds of their thread. */
export function pageScriptMs(events: readonly TraceEvent[]): number {
  return onceMs(scriptsOf(events));
}

/** The longest task in which script ran; what the browser does for the page alone does not count. */
export function longestScriptTaskMs(events: readonly TraceEvent[]): number {
  const scripts = scriptsOf(events);
  return longestTaskMs(
    events.filter(
      ({ name, ts = 0, dur = 0 }) => name === "RunTask" && scripts.some((script) => (script.ts ?? 0) >= ts && (script.ts ?? 0) < ts + dur),
    ),
  );
}

const EVALUATION = ["EvaluateScript", "v8.compile"];

/**
 * How long the evaluation of scripts whose address ends so took, in milliseconds of their thread; what runs inside of each other counts
 * once.
 */
export function evaluationMs(events: readonly TraceEvent[], addressEnd: string): number {
  const runs = events
    .filter(({ name }) => EVALUATION.includes(name))
    .filter(({ args }) => args?.data?.url?.endsWith(addressEnd) === true)
    .toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
  return onceMs(runs);
}

/** The sum of events in their order; what runs inside of each other counts once. */
function onceMs(runs: readonly TraceEvent[]): number {
  let total = 0;
  let until = 0;
  for (const { ts = 0, dur = 0, tdur = dur } of runs) {
    if (ts < until) continue;
    total += tdur;
    until = ts + dur;
  }
  return total / 1000;
}
