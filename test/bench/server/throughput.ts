import type { BenchOptions, Figure } from "../figure.ts";
import type { Child } from "./child.ts";
import { type Load, type Run, run } from "./load.ts";
import { onStage } from "./stage.ts";

const STREAMS = 500;
/** Rates that are tried, tokens per second in all. */
const RATES = [25_000, 37_500, 50_000];
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
const HARD = { streams: STREAMS, perSecond: 45_000 };
/** Every token goes out by itself. */
const EASY = { streams: 100, perSecond: 5000 };

/**
 * How many tokens a second the server passes on, what a million of them costs on its core, how late the slowest
 * hundredth comes, and how many bytes one has on the wire. The floor is measured in turn with it.
 */
export async function benchThroughput({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({}, async (stage) => {
    const server = await stage.server();
    const floor = await stage.floor();
    const seconds = fast ? 3 : 5;
    const rounds = fast ? 1 : 3;
    for (const child of [server, floor]) await run(child, { ...EASY, seconds: 3 });
    const figures: Figure[] = [];
    for (const load of [JUDGED, HARD, EASY]) {
      const ours: Run[] = [];
      const least: Run[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await run(server, { ...load, seconds }));
        least.push(await run(floor, { ...load, seconds }));
      }
      figures.push(...figuresOf(load, ours, least));
    }
    const sustained = { ours: 0, floor: 0 };
    for (const perSecond of RATES) {
      sustained.ours = Math.max(sustained.ours, await sustains(server, perSecond, seconds));
      sustained.floor = Math.max(sustained.floor, await sustains(floor, perSecond, seconds));
    }
    return [
      ...figures,
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

/** The best of the rounds: what else a machine does makes a round dearer and slower, never the other way. */
function figuresOf(load: Omit<Load, "seconds">, ours: readonly Run[], least: readonly Run[]): Figure[] {
  const at = `at ${load.perSecond.toLocaleString("en")} tokens/s`;
  const best = (what: "cpuPerMillion" | "slowestMs" | "bytesPerToken") => ({
    value: Math.min(...ours.map((run) => run[what])),
    floor: Math.min(...least.map((run) => run[what])),
  });
  const judged = load === JUDGED ? ({ budget: 0.85, judged: "ratio" } as const) : {};
  return [
    { name: `CPU per million tokens ${at}`, unit: "s", ...best("cpuPerMillion"), ...judged },
    {
      name: `a token is late ${at}, 99th percentile`,
      unit: "ms",
      ...best("slowestMs"),
      ...(load === JUDGED ? { budget: 100 } : load === HARD ? { budget: 250 } : {}),
    },
    { name: `a token of 6 characters on the wire ${at}`, unit: "bytes", ...best("bytesPerToken"), budget: 60 },
  ];
}

/** What came through at a rate: the rate that was sustained, or what was delivered where that is less. */
async function sustains(child: Child, perSecond: number, seconds: number): Promise<number> {
  const { delivered, lagMs, offered } = await run(child, { streams: STREAMS, perSecond, seconds });
  return lagMs <= MOST_LAG_MS && delivered >= DELIVERED * offered ? Math.round(delivered) : 0;
}
