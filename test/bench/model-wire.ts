/**
 * What reading a model's stream costs: CPU of this process per million tokens and the delay that it adds, at 100
 * streams of 50 tokens/s, beside a floor that only reads, splits and parses JSON. Run alone: `node
 * test/bench/model-wire.ts`; with the AI SDK's provider packages beside it: `… --neighbours`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "undici";
import type { Model } from "../../server/conversation/ports/model.ts";
import { createModels } from "../../server/model/models.ts";
import { ask } from "../model/collect.ts";
import { leadingTo, settingsFor } from "../model/provider-harness.ts";
import { quietLog } from "../model/test-clock.ts";
import { WIRE_FORMATS, type WireFormat } from "../model/wire-formats.ts";
import { neighbours, type Say } from "./model-wire-neighbours.ts";
import type { BenchRow } from "./store.ts";

const STREAMS = 100;
const TOKENS = 150;
const GAP_MS = 20;
const ROUNDS = 3;
/** How much dearer than the floor a wire may be. */
const MOST_RATIO = 1.5;
/** How much later than at the floor a token may come. */
const MOST_DELAY_MS = 0.5;

export async function benchModelWire({ withNeighbours = false } = {}): Promise<readonly BenchRow[]> {
  const provider = spawn(process.execPath, [new URL("model-wire-provider.ts", import.meta.url).pathname], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (provider.stdout === null) throw new Error("The provider cannot say its port.");
  const [printed] = (await once(provider.stdout, "data")) as [Buffer];
  const port = Number(printed.toString());
  const url = `http://127.0.0.1:${port}`;
  const dispatcher = leadingTo(port);
  const models = createModels({ clock, log: quietLog, sockets: async () => ({ dispatcher, check: () => {} }) });
  try {
    const wires = await Promise.all(WIRE_FORMATS.map(async (format) => [format.name, await sayWith(models, format, url)] as const));
    const says: Record<string, Say> = { floor, ...Object.fromEntries(wires), ...(withNeighbours ? await neighbours() : {}) };
    return rows(await measureAll(says, url));
  } finally {
    await models.close();
    await dispatcher.destroy();
    provider.kill();
    await once(provider, "exit");
  }
}

interface Measured {
  readonly cpu: number;
  readonly delayMs: number;
}

/** Rounds in turn, so that a busy machine troubles all of them alike; the best round of each counts. */
async function measureAll(says: Readonly<Record<string, Say>>, url: string): Promise<Map<string, Measured>> {
  const best = new Map<string, Measured>();
  await pace(url, 100, 2);
  for (const say of Object.values(says)) await measure(say, url);
  await pace(url, TOKENS, GAP_MS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, say] of Object.entries(says)) {
      const { cpu, delayMs } = await measure(say, url);
      const before = best.get(name);
      best.set(name, { cpu: Math.min(cpu, before?.cpu ?? cpu), delayMs: Math.min(delayMs, before?.delayMs ?? delayMs) });
    }
  }
  return best;
}

async function measure(say: Say, url: string): Promise<Measured> {
  const delays: number[] = [];
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: STREAMS }, async () => {
      for await (const text of say(url))
        for (const [, left] of text.matchAll(/token@([\d.]+)/g)) delays.push(performance.timeOrigin + performance.now() - Number(left));
    }),
  );
  const { user, system } = process.cpuUsage(before);
  if (delays.length === 0) throw new Error("The provider said nothing: is its format still read?");
  delays.sort((a, b) => a - b);
  return { cpu: (user + system) / delays.length, delayMs: delays[delays.length >> 1] ?? 0 };
}

function rows(measured: ReadonlyMap<string, Measured>): BenchRow[] {
  const least = measured.get("floor") ?? { cpu: 0, delayMs: 0 };
  const beside = (value: number, base: number): Pick<BenchRow, "value" | "floor" | "ratio"> => ({
    value: round(value),
    floor: round(base),
    ratio: round(value / base),
  });
  const budget = (name: string, most: number): Pick<BenchRow, "budget"> => (name.startsWith("AI SDK") ? {} : { budget: round(most) });
  return [...measured].flatMap(([name, { cpu, delayMs }]) =>
    name === "floor"
      ? []
      : [
          {
            name: `model wire, ${name}: CPU per million tokens`,
            unit: "s",
            ...beside(cpu, least.cpu),
            budget: round(least.cpu * MOST_RATIO),
          },
          {
            name: `model wire, ${name}: median delay of a token`,
            unit: "ms",
            ...beside(delayMs, least.delayMs),
            ...budget(name, least.delayMs + MOST_DELAY_MS),
          },
        ],
  );
}

/** The least that anybody can do: read, split, parse, take the text. */
async function* floor(url: string): AsyncGenerator<string> {
  const { body } = await request(`${url}/v1/chat/completions`, { method: "POST", body: "{}" });
  let rest = "";
  for await (const chunk of body.setEncoding("utf8") as AsyncIterable<string>) {
    const events = (rest + chunk).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (event === "data: [DONE]") return;
      const text = (JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content;
      if (text) yield text;
    }
  }
}

async function sayWith(models: ReturnType<typeof createModels>, format: WireFormat, url: string): Promise<Say> {
  const model: Model = await models.of({
    ...settingsFor(format, url),
    ...(format.own === undefined ? {} : { baseUrl: format.own.replace("https:", "http:") }),
  });
  return async function* () {
    for await (const part of model.stream(ask("hi"), new AbortController().signal)) if (part.type === "text") yield part.text;
  };
}

async function pace(url: string, tokens: number, gapMs: number): Promise<void> {
  const { body } = await request(`${url}/pace?tokens=${tokens}&gapMs=${gapMs}`);
  await body.dump();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const clock = {
  now: () => Date.now(),
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  id: () => crypto.randomUUID(),
  random: () => Math.random(),
};

if (import.meta.main) {
  console.table(await benchModelWire({ withNeighbours: process.argv.includes("--neighbours") }));
  process.exit();
}
