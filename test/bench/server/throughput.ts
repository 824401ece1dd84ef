import { setTimeout as pause } from "node:timers/promises";
import type { BenchOptions, Figure } from "../figure.ts";
import { median, nowMicros } from "../samples.ts";
import type { Child } from "./child.ts";
import { connectMany, type Customer } from "./customer.ts";
import { onStage } from "./stage.ts";

const STREAMS = 500;
/** Rates that are tried, tokens per second in all. */
const RATES = [12_500, 25_000, 37_500, 50_000];
/**
 * A rate is sustained when the last token of half of the streams comes within this time; whoever falls behind falls
 * further every second.
 */
const MOST_LAG_MS = 250;
/** Nearly all: the mock's own pace wavers by a percent. */
const DELIVERED = 0.97;

/**
 * The load at which a token's cost is judged; at a lower one the processor falls asleep between two tokens, and waking
 * it is most of what is measured.
 */
const JUDGED = { streams: STREAMS, perSecond: 25_000 };
const EASY = { streams: 100, perSecond: 5000 };

/**
 * How many tokens a second the server passes on, and what a million of them costs on its core. The floor is measured in
 * turn with it.
 */
export async function benchThroughput({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({}, async (stage) => {
    const server = await stage.server();
    const floor = await stage.floor();
    const seconds = fast ? 3 : 6;
    const rounds = fast ? 1 : 3;
    for (const child of [server, floor]) await run(child, { ...EASY, seconds: 3 });
    const costs: Figure[] = [];
    for (const load of [JUDGED, EASY]) {
      const ours: number[] = [];
      const least: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push((await run(server, { ...load, seconds })).cpuPerMillion);
        least.push((await run(floor, { ...load, seconds })).cpuPerMillion);
      }
      const name = `CPU per million tokens at ${load.perSecond.toLocaleString("en")} tokens/s`;
      costs.push({ name, unit: "s", value: Math.min(...ours), floor: Math.min(...least), ...(load === JUDGED ? { budget: 40 } : {}) });
    }
    const sustained = { ours: 0, floor: 0 };
    for (const perSecond of RATES) {
      sustained.ours = Math.max(sustained.ours, await sustains(server, perSecond, seconds));
      sustained.floor = Math.max(sustained.floor, await sustains(floor, perSecond, seconds));
    }
    return [
      ...costs,
      {
        name: `sustained, ${STREAMS} streams`,
        unit: "tokens/s",
        value: sustained.ours,
        floor: sustained.floor,
        budget: 25_000,
        bound: "least",
      },
    ];
  });
}

/** What came through at a rate: the rate that was sustained, or what was delivered where that is less. */
async function sustains(child: Child, perSecond: number, seconds: number): Promise<number> {
  const { delivered, lagMs, offered } = await run(child, { streams: STREAMS, perSecond, seconds });
  return lagMs <= MOST_LAG_MS && delivered >= DELIVERED * offered ? Math.round(delivered) : 0;
}

interface Load {
  readonly streams: number;
  readonly perSecond: number;
  readonly seconds: number;
}

interface Run {
  readonly cpuPerMillion: number;
  /** Tokens per second while all streams ran. */
  readonly delivered: number;
  /** What the model really sent in that time. */
  readonly offered: number;
  /** Median delay of the last tokens. */
  readonly lagMs: number;
}

const CHARACTERS_PER_TOKEN = " token".length;

/** All streams begin within half a second, run for `seconds`, and are looked at while all of them run. */
async function run(child: Child, { streams, perSecond, seconds }: Load): Promise<Run> {
  const customers = await connectMany(child.url, streams);
  const gapMs = (1000 * streams) / perSecond;
  const tokens = Math.round((seconds * 1000) / gapMs);
  const turns = customers.map((customer) => customer.ask({ kind: "text", tokens, gapMs, waitMs: 200 + Math.random() * 300 }));
  await pause(900);
  const before = { cpu: child.cpuSeconds(), characters: sum(customers), at: nowMicros() };
  await pause((seconds - 1) * 1000);
  const passed = (nowMicros() - before.at) / 1_000_000;
  const came = (sum(customers) - before.characters) / CHARACTERS_PER_TOKEN;
  const cpu = child.cpuSeconds() - before.cpu;
  const times = await Promise.all(turns);
  for (const customer of customers) customer.close();
  return {
    cpuPerMillion: (cpu / came) * 1_000_000,
    delivered: came / passed,
    offered: median(times.map(({ firstLeft, lastLeft }) => (tokens - 1) / ((lastLeft - firstLeft) / 1_000_000))) * streams,
    lagMs: median(times.map(({ lastCame, lastLeft }) => (lastCame - lastLeft) / 1000)),
  };
}

function sum(customers: readonly Customer[]): number {
  return customers.reduce((total, { characters }) => total + characters, 0);
}
