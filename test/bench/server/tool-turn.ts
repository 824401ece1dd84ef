import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import type { Child } from "./child.ts";
import { bareDiskMs } from "./bare-disk.ts";
import { connectMany, type Customer } from "./customer.ts";
import { onStage } from "./stage.ts";

const TURN = { kind: "tool", tokens: 5 } as const;

/**
 * A message, one call of a tool on an MCP server of this machine, and the answer; model and MCP server answer at once. The conversation has had a turn before, so that
 * its MCP connection is there; what the very first turn costs is told beside it.
 */
export async function benchToolTurn({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({ tools: true }, async (stage) => {
    const server = await stage.server();
    const floor = await stage.floor();
    const rounds = fast ? 2 : 6;
    const [ours, least] = [await Sample.of(server), await Sample.of(floor)];
    const disk: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      disk.push(...bareDiskMs(20));
      for (const sample of [ours, least]) await sample.take({ one: fast ? 5 : 10, fifty: 2 });
    }
    return [
      { name: "tool turn, 1 at a time, median", unit: "ms", value: median(ours.one), floor: median(least.one), budget: 5 },
      { name: "tool turn, 50 at once, median", unit: "ms", value: median(ours.fifty), floor: median(least.fifty), budget: 100 },
      { name: "first tool turn of a conversation, median", unit: "ms", value: median(ours.first), floor: median(least.first) },
      { name: "meanwhile: the bare disk keeps one page, median", unit: "ms", value: median(disk) },
    ];
  });
}

/** A customer asks a handful of things, and the next one begins anew. */
const TURNS = 5;

/** The turns of one server, in milliseconds. */
class Sample {
  readonly one: number[] = [];
  readonly fifty: number[] = [];
  readonly first: number[] = [];
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  static async of(child: Child): Promise<Sample> {
    const sample = new Sample(child);
    // The compiler needs a few hundred turns to have done its work.
    await sample.take({ one: 10, fifty: 2 });
    for (const times of [sample.one, sample.fifty, sample.first]) times.length = 0;
    return sample;
  }

  /** `one`: conversations alone, one after the other; `fifty`: fifty of them at once, turn by turn. */
  async take({ one, fifty }: { one: number; fifty: number }): Promise<void> {
    for (let count = 0; count < one; count += 1) await this.#talk(1, this.one, this.first);
    for (let count = 0; count < fifty; count += 1) await this.#talk(50, this.fifty, undefined);
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
