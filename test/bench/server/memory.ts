import { setTimeout as pause } from "node:timers/promises";
import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import type { Child, Memory } from "./child.ts";
import { connectMany } from "./customer.ts";
import { onStage } from "./stage.ts";

/** Twenty answers before anything is counted, so that everything which is loaded late is there. */
const WARM_UP = 20;
const STREAM_GAP_MS = 250;

/**
 * What one customer costs: memory with many of them less that without, after garbage was collected in both cases, by
 * their number. Of resident memory and of living objects, that which grew more: a process may have room left over from
 * before, or keep what it needs no more. An idle customer has a connection and listens to a conversation; an active one
 * has an answer streaming, and its connection counts too. A fresh process for each.
 */
export async function benchMemory({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({}, async (stage) => {
    const idle = fast ? 300 : 1000;
    const active = fast ? 100 : 400;
    const figures: Figure[] = [];
    for (const [name, work, count, budget] of [
      [`memory of an idle customer (${idle})`, idleCustomers, idle, 25],
      [`memory of an active stream (${active})`, activeStreams, active, 120],
    ] as const) {
      const value = await measure(() => stage.server({ settles: true }), work, count);
      const floor = await measure(() => stage.floor({ settles: true }), work, count);
      figures.push({ name, unit: "kB", value, floor, budget });
    }
    return figures;
  });
}

type Work = (child: Child, count: number, look: () => Promise<void>) => Promise<void>;

/** In kB each. */
async function measure(start: () => Promise<Child>, work: Work, count: number): Promise<number> {
  const child = await start();
  await activeStreams(child, WARM_UP, async () => undefined);
  const without = await settled(child);
  let grown = Number.NaN;
  await work(child, count, async () => {
    const { resident, living } = await settled(child);
    grown = Math.max(resident - without.resident, living - without.living);
  });
  await child.stop();
  return grown / count / 1000;
}

async function idleCustomers(child: Child, count: number, look: () => Promise<void>): Promise<void> {
  const customers = await connectMany(child.url, count);
  await look();
  for (const customer of customers) customer.close();
}

async function activeStreams(child: Child, count: number, look: () => Promise<void>): Promise<void> {
  const customers = await connectMany(child.url, count);
  const seconds = count > WARM_UP ? 12 : 2;
  const tokens = Math.round((seconds * 1000) / STREAM_GAP_MS);
  const turns = customers.map((customer) => customer.ask({ kind: "text", tokens, gapMs: STREAM_GAP_MS, waitMs: Math.random() * 500 }));
  await pause(2000);
  await look();
  await Promise.all(turns);
  for (const customer of customers) customer.close();
}

/** In bytes; medians of three looks, each after a collection. */
export async function settled(child: Child): Promise<{ resident: number; living: number }> {
  const looks: Memory[] = [];
  for (let look = 0; look < 3; look += 1) looks.push(await child.settled());
  return { resident: median(looks.map(({ rss }) => rss)), living: median(looks.map(({ heapUsed, external }) => heapUsed + external)) };
}
