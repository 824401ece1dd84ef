import type { BenchOptions, Figure } from "../figure.ts";
import { bestMedian, median } from "../samples.ts";
import type { Child } from "./child.ts";
import { bareDiskMs } from "./bare-disk.ts";
import { connectMany, type Customer } from "./customer.ts";
import { onStage } from "./stage.ts";

const TURN = { kind: "tool", tokens: 5 } as const;

/**
 * A message, one call of a tool on an MCP server of this machine, and the answer; model and MCP server answer at once.
 * The conversation has had a turn before, so that its MCP connection is there; what the very first turn costs is told
 * beside it.
 */
export async function benchToolTurn({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({ tools: true }, async (stage) => {
    const server = await stage.server();
    const floor = await stage.floor();
    const rounds = fast ? 2 : 6;
    const [ours, least] = [new Sample(server), new Sample(floor)];
    // The compiler needs a few thousand turns to have done its work.
    for (const sample of [ours, least]) await sample.take(fast ? { one: 10, fifty: 2 } : { one: 50, fifty: 8 });
    for (const sample of [ours, least]) sample.forget();
    const disk: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      disk.push(...bareDiskMs(20));
      for (const sample of [ours, least]) await sample.take({ one: fast ? 5 : 10, fifty: 2 });
    }
    const both = (key: "one" | "fifty" | "first"): Pick<Figure, "value" | "floor"> => ({
      value: bestMedian(ours[key]),
      floor: bestMedian(least[key]),
    });
    return [
      { name: "tool turn, 1 at a time, median", unit: "ms", ...both("one"), budget: 5 },
      { name: "tool turn, 50 at once, median", unit: "ms", ...both("fifty"), budget: 100 },
      { name: "first tool turn of a conversation, median", unit: "ms", ...both("first") },
      { name: "meanwhile: the bare disk keeps one page, median", unit: "ms", value: median(disk) },
    ];
  });
}

/** A customer asks a handful of things, and the next one begins anew. */
const TURNS = 5;

/** The turns of one server, in milliseconds, by rounds. */
class Sample {
  readonly one: number[][] = [];
  readonly fifty: number[][] = [];
  readonly first: number[][] = [];
  readonly #child: Child;

  constructor(child: Child) {
    this.#child = child;
  }

  /** A round. `one`: conversations alone, one after the other; `fifty`: fifty of them at once, turn by turn. */
  async take({ one, fifty }: { one: number; fifty: number }): Promise<void> {
    const times = { one: [] as number[], fifty: [] as number[], first: [] as number[] };
    for (let count = 0; count < one; count += 1) await this.#talk(1, times.one, times.first);
    for (let count = 0; count < fifty; count += 1) await this.#talk(50, times.fifty, undefined);
    this.one.push(times.one);
    this.fifty.push(times.fifty);
    this.first.push(times.first);
  }

  forget(): void {
    for (const rounds of [this.one, this.fifty, this.first]) rounds.length = 0;
  }

  async #talk(atOnce: number, times: number[], first: number[] | undefined): Promise<void> {
    const customers = await connectMany(this.#child.url, atOnce);
    const began = await Promise.all(customers.map(turn));
    first?.push(...began);
    for (let count = 0; count < TURNS; count += 1) times.push(...(await Promise.all(customers.map(turn))));
    for (const customer of customers) customer.close();
  }
}

async function turn(customer: Customer): Promise<number> {
  const { sent, ended } = await customer.ask(TURN);
  return (ended - sent) / 1000;
}
