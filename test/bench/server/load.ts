import { setTimeout as pause } from "node:timers/promises";
import { median, nowMicros, quantile } from "../samples.ts";
import type { Child } from "./child.ts";
import { connectMany, type Customer } from "./customer.ts";

export interface Load {
  readonly streams: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Run {
  readonly cpuPerMillion: number;
  /** Tokens per second while all streams ran. */
  readonly delivered: number;
  /** What the model really sent in that time. */
  readonly offered: number;
  /** Median delay of the last tokens. */
  readonly lagMs: number;
  /** What 99 of 100 tokens stay below, from leaving the model to reaching the customer. */
  readonly slowestMs: number;
  readonly bytesPerToken: number;
}

const CHARACTERS_PER_TOKEN = " token".length;

/** A busy machine begins the last stream so much later than the first; what beginning costs is not a token's. */
const MOST_BEGINNING_MS = 2000;

/** All streams are looked at for `seconds`, from when the last of them has begun until before the first of them ends. */
export async function run(child: Child, { streams, perSecond, seconds }: Load): Promise<Run> {
  const customers = await connectMany(child.url, streams);
  const gapMs = (1000 * streams) / perSecond;
  const tokens = Math.round((seconds * 1000 + MOST_BEGINNING_MS) / gapMs);
  const turns = customers.map((customer) => customer.ask({ kind: "text", tokens, gapMs, stamps: true, waitMs: 200 + Math.random() * 300 }));
  const askedAt = nowMicros();
  while (customers.some(({ characters }) => characters === 0) && nowMicros() - askedAt < MOST_BEGINNING_MS * 1000) await pause(20);
  for (const customer of customers) customer.delays = [];
  const before = { cpu: child.cpuSeconds(), characters: sum(customers, "characters"), bytes: sum(customers, "textBytes"), at: nowMicros() };
  await pause((seconds - 0.5) * 1000);
  const passed = (nowMicros() - before.at) / 1_000_000;
  const came = (sum(customers, "characters") - before.characters) / CHARACTERS_PER_TOKEN;
  const bytes = sum(customers, "textBytes") - before.bytes;
  const cpu = child.cpuSeconds() - before.cpu;
  const delays = customers.flatMap((customer) => customer.delays);
  const times = await Promise.all(turns);
  for (const customer of customers) customer.close();
  return {
    cpuPerMillion: (cpu / came) * 1_000_000,
    delivered: came / passed,
    offered: median(times.map(({ firstLeft, lastLeft }) => (tokens - 1) / ((lastLeft - firstLeft) / 1_000_000))) * streams,
    lagMs: median(times.map(({ lastCame, lastLeft }) => (lastCame - lastLeft) / 1000)),
    slowestMs: quantile(delays, 0.99) / 1000,
    bytesPerToken: bytes / came,
  };
}

function sum(customers: readonly Customer[], what: "characters" | "textBytes"): number {
  return customers.reduce((total, customer) => total + customer[what], 0);
}
