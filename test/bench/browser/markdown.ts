/**
 * What drawing a streamed answer costs the reader's main thread, beside the floor: a plain parser with its own renderer
 * and `content-visibility` on finished blocks, both once per frame. With `--baseline` an earlier checkout of this
 * project is measured in place of the floor, in the same run:
 *
 *     node test/bench/browser/markdown.ts [--fast] [--baseline <folder>]
 *
 *     git worktree add --detach ../before <commit> && npm ci --prefix ../before
 *     node test/bench/browser/markdown.ts --baseline ../before
 */
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { bundleScript } from "../../support/bundle.ts";
import { markdownAnswer } from "./markdown-answer.ts";
import type * as Entry from "./markdown-entry.ts";

declare global {
  var bench: typeof Entry;
}

/** One line of the bench: a value, what it is compared with, and what it may be. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What was measured beside it. */
  readonly floor?: number;
  /** `value` by `floor`. */
  readonly ratio?: number;
  /** What the ratio, or the value where there is none, may be at most. */
  readonly budget?: number;
}

export interface MarkdownBenchOptions {
  /** A smoke run: fewer tokens, faster. Its numbers say nothing about the budgets. */
  readonly fast?: boolean;
  /** A checkout of this project with its dependencies installed, to be measured in place of the floor. */
  readonly baseline?: string;
}

/** One of the two that are compared. */
interface Contestant {
  readonly script: string;
  readonly renderer: Entry.Renderer;
}

interface Load {
  readonly tokens: number;
  readonly perSecond: number;
}

interface Run extends Entry.Noticed {
  readonly mainThreadMs: number;
}

async function measure(browser: Browser, { script, renderer }: Contestant, load: Load): Promise<Run> {
  const page = await browser.newPage({ viewport: { width: 400, height: 680 } });
  try {
    await page.setContent("<!doctype html><title>Bench</title>");
    await page.addScriptTag({ content: script });
    const session = await page.context().newCDPSession(page);
    // Time the thread itself worked: other programs on the machine do not count.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const taskSeconds = async (): Promise<number> => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
    };
    const before = await taskSeconds();
    const noticed = await page.evaluate(([who, tokens, rate]) => bench.streamAnswer(who, tokens, rate), [
      renderer,
      markdownAnswer(load.tokens),
      load.perSecond,
    ] as const);
    return { ...noticed, mainThreadMs: ((await taskSeconds()) - before) * 1000 };
  } finally {
    await page.close();
  }
}

interface Pair {
  readonly ours: Run;
  readonly floor: Run;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Medians of both, and the median of what each pair gives: what disturbs the machine disturbs both of a pair. */
function compare(pairs: readonly Pair[], of: (run: Run) => number): { value: number; floor: number; ratio: number } {
  return {
    value: median(pairs.map(({ ours }) => of(ours))),
    floor: median(pairs.map(({ floor }) => of(floor))),
    ratio: median(pairs.map(({ ours, floor }) => of(ours) / of(floor))),
  };
}

/** Measures in pairs, ours and the other in turn, and gives medians. Takes about seven minutes, `fast` half of one. */
export async function benchMarkdown({ fast = false, baseline }: MarkdownBenchOptions = {}): Promise<readonly BenchRow[]> {
  const short = { tokens: fast ? 1_000 : 4_000, perSecond: fast ? 500 : 200 };
  const long = { ...short, tokens: short.tokens * 4 };
  const entry = new URL("markdown-entry.ts", import.meta.url);
  const script = await bundleScript(entry, "bench");
  const ours: Contestant = { script, renderer: "ours" };
  const other: Contestant =
    baseline === undefined ? { script, renderer: "floor" } : { script: await bundleScript(entry, "bench", baseline), renderer: "ours" };
  const browser = await launchBrowser();
  const pair = async (load: Load, isOtherFirst: boolean): Promise<Pair> => {
    // Who goes second finds a warmer machine.
    const first = isOtherFirst ? await measure(browser, other, load) : undefined;
    const mine = await measure(browser, ours, load);
    return { ours: mine, floor: first ?? (await measure(browser, other, load)) };
  };
  const shortPairs: Pair[] = [];
  const longPairs: Pair[] = [];
  try {
    for (let round = 0; round < (fast ? 1 : 5); round += 1) shortPairs.push(await pair(short, round % 2 === 1));
    longPairs.push(await pair(long, false));
  } finally {
    await browser.close();
  }
  const mainThread = compare(shortPairs, (run) => run.mainThreadMs);
  const mainThreadLong = compare(longPairs, (run) => run.mainThreadMs);
  const without = ({ value, floor }: { value: number; floor: number }): { value: number; floor: number } => ({ value, floor });
  const answer = `Markdown, ${short.tokens} tokens`;
  const longAnswer = `Markdown, ${long.tokens} tokens`;
  return [
    { name: `${answer}: main thread`, unit: "ms", ...mainThread, budget: baseline === undefined ? 1.2 : 1 },
    { name: `${answer}: main thread for each frame`, unit: "ms", ...compare(shortPairs, (run) => run.mainThreadMs / run.frames) },
    { name: `${longAnswer}: main thread`, unit: "ms", ...mainThreadLong },
    { name: `${longAnswer}: main thread for each frame`, unit: "ms", ...compare(longPairs, (run) => run.mainThreadMs / run.frames) },
    {
      name: `${longAnswer}: main thread by that of ${short.tokens}`,
      unit: "×",
      value: mainThreadLong.value / mainThread.value,
      floor: mainThreadLong.floor / mainThread.floor,
      budget: 4.4,
    },
    { name: `${answer}: last token to last word`, unit: "ms", ...without(compare(shortPairs, (run) => run.lagMs)), budget: 30 },
    { name: `${answer}: longest task over 50 ms`, unit: "ms", ...without(compare(shortPairs, (run) => run.longestTaskMs)), budget: 50 },
    { name: `${answer}: dropped frames`, unit: "frames", ...without(compare(shortPairs, (run) => run.droppedFrames)), budget: 0 },
  ];
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { fast: { type: "boolean", default: false }, baseline: { type: "string" } } });
  const beside = values.baseline === undefined ? "floor" : "baseline";
  for (const { name, value, unit, floor, ratio, budget } of await benchMarkdown(values)) {
    const other = floor === undefined ? "" : ` (${beside} ${floor.toFixed(2)}${ratio === undefined ? "" : `, ratio ${ratio.toFixed(2)}`})`;
    console.log(`${name}: ${value.toFixed(2)} ${unit}${other}${budget === undefined ? "" : `, budget ${budget}`}`);
  }
}
