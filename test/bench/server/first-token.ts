import type { BenchOptions, Figure } from "../figure.ts";
import { bestMedian } from "../samples.ts";
import type { Child } from "./child.ts";
import { connectMany, type Customer, type TurnTimes } from "./customer.ts";
import { onStage } from "./stage.ts";

const GAP_MS = 20;

/** In milliseconds, by rounds. */
interface Delays {
  /** From the first token leaving the model to its reaching the customer. */
  readonly token: number[][];
  /** From the message leaving the customer to the request reaching the model. */
  readonly request: number[][];
}

/**
 * What the server adds to the first token, and to the way of the message to the model. The server and the floor are
 * measured turn and turn about; the journal is on disk.
 */
export async function benchFirstToken({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({}, async (stage) => {
    const server = await stage.server();
    const floor = await stage.floor();
    const rounds = fast ? 1 : 3;
    const one = await beside(server, floor, { customers: 1, turns: fast ? 20 : 40, tokens: 5, rounds });
    const hundred = await beside(server, floor, { customers: 100, turns: fast ? 2 : 4, tokens: 100, rounds });
    return [...figures("1 stream", one), ...figures("100 streams of 50 tokens/s", hundred)];
  });
}

function figures(load: string, { ours, floor }: { ours: Delays; floor: Delays }): Figure[] {
  return [
    { name: `added first token, ${load}, median`, unit: "ms", value: bestMedian(ours.token), floor: bestMedian(floor.token), budget: 1 },
    { name: `message to model's request, ${load}, median`, unit: "ms", value: bestMedian(ours.request), floor: bestMedian(floor.request) },
  ];
}

interface Load {
  readonly customers: number;
  readonly turns: number;
  readonly tokens: number;
  readonly rounds: number;
}

async function beside(server: Child, floor: Child, load: Load): Promise<{ ours: Delays; floor: Delays }> {
  const delays = { ours: { token: [], request: [] } as Delays, floor: { token: [], request: [] } as Delays };
  for (let round = -1; round < load.rounds; round += 1) {
    // The first round only warms both.
    const isWarmUp = round < 0;
    await measure(server, load, isWarmUp ? undefined : delays.ours);
    await measure(floor, load, isWarmUp ? undefined : delays.floor);
  }
  return delays;
}

async function measure(child: Child, load: Load, into: Delays | undefined): Promise<void> {
  const customers = await connectMany(child.url, load.customers);
  const times = await Promise.all(customers.map((customer, index) => talk(customer, load, index / load.customers)));
  for (const customer of customers) customer.close();
  into?.token.push(times.flat().map((turn) => (turn.firstCame - turn.firstLeft) / 1000));
  into?.request.push(times.flat().map((turn) => (turn.asked - turn.sent) / 1000));
}

/** Turns begin spread over the time of one answer, as customers' do. */
async function talk(customer: Customer, { turns, tokens }: Load, phase: number): Promise<TurnTimes[]> {
  await new Promise((resolve) => setTimeout(resolve, phase * tokens * GAP_MS));
  const times: TurnTimes[] = [];
  for (let turn = 0; turn < turns; turn += 1)
    times.push(await customer.ask({ kind: "text", tokens, gapMs: GAP_MS, waitMs: 10 + Math.random() * 20 }));
  return times;
}
