import type { BenchOptions, Figure } from "../figure.ts";
import { bestMedian } from "../samples.ts";
import type { Child } from "./child.ts";
import { connectMany, type Customer, type TurnTimes } from "./customer.ts";
import { onStage } from "./stage.ts";

const GAP_MS = 20;

/** In milliseconds, by rounds. */
interface Delays {
  /** From the message leaving the customer to the first token reaching the customer, less what the model took. */
  readonly word: number[][];
  /** From the first token leaving the model to its reaching the customer. */
  readonly token: number[][];
  /** From the message leaving the customer to the request reaching the model. */
  readonly request: number[][];
}

/**
 * What the server adds from Send to the first word, and the two ways of which that is made: the message's to the model
 * and the first token's back. The server, the bare relay and a relay that makes one durable append before it asks the
 * model are measured turn and turn about; the journal is on disk.
 */
export async function benchFirstToken({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({}, async (stage) => {
    const children = { ours: await stage.server(), relay: await stage.floor(), durable: await stage.floor({ durable: true }) };
    const rounds = fast ? 1 : 3;
    const one = await beside(children, { customers: 1, turns: fast ? 20 : 40, tokens: 5, rounds });
    const hundred = await beside(children, { customers: 100, turns: fast ? 2 : 4, tokens: 100, rounds });
    return [
      ...figures("1 stream", one, 2),
      ...figures("100 streams of 50 tokens/s", hundred, 4),
      ...(await afterMany(children, { customers: 1, turns: fast ? 20 : 40, tokens: 5, rounds }, fast ? 30 : 300)),
    ];
  });
}

type Children<Each> = { readonly [name in "ours" | "relay" | "durable"]: Each };

function figures(load: string, { ours, relay, durable }: Children<Delays>, addedMs: number): Figure[] {
  const word = bestMedian(ours.word);
  const added = (floor: Delays) => word - bestMedian(floor.word);
  return [
    { name: `Send to first word, ${load}, median`, unit: "ms", value: word, floor: bestMedian(relay.word) },
    { name: `Send to first word, ${load}: added to the relay's`, unit: "ms", value: added(relay), budget: addedMs },
    { name: `Send to first word, ${load}, floor with one durable append`, unit: "ms", value: word, floor: bestMedian(durable.word) },
    { name: `added first token, ${load}, median`, unit: "ms", value: bestMedian(ours.token), floor: bestMedian(relay.token), budget: 1 },
    { name: `message to model's request, ${load}, median`, unit: "ms", value: bestMedian(ours.request), floor: bestMedian(relay.request) },
  ];
}

/** The same in a conversation that is long already, beside that of a new one. */
async function afterMany({ ours }: Children<Child>, load: Load, messages: number): Promise<Figure[]> {
  const [customer] = await connectMany(ours.url, 1);
  const [fresh] = await connectMany(ours.url, 1);
  if (customer === undefined || fresh === undefined) throw new Error("There is nobody to measure with.");
  for (let count = 0; count < messages; count += 1) await customer.ask({ kind: "text", tokens: 2 });
  const word: number[][] = [];
  const floor: number[][] = [];
  for (let round = 0; round < load.rounds; round += 1) {
    word.push((await talk(customer, load, 0)).map(toFirstWord));
    floor.push((await talk(fresh, { ...load, turns: 4 }, 0)).map(toFirstWord));
  }
  customer.close();
  fresh.close();
  const name = `Send to first word after ${messages} messages, floor a new conversation, median`;
  return [{ name, unit: "ms", value: bestMedian(word), floor: bestMedian(floor) }];
}

function toFirstWord({ sent, asked, firstLeft, firstCame }: TurnTimes): number {
  return (firstCame - sent - (firstLeft - asked)) / 1000;
}

interface Load {
  readonly customers: number;
  readonly turns: number;
  readonly tokens: number;
  readonly rounds: number;
}

async function beside(children: Children<Child>, load: Load): Promise<Children<Delays>> {
  const none = (): Delays => ({ word: [], token: [], request: [] });
  const delays = { ours: none(), relay: none(), durable: none() };
  for (let round = -1; round < load.rounds; round += 1) {
    // The first round only warms them.
    for (const name of ["ours", "relay", "durable"] as const) await measure(children[name], load, round < 0 ? undefined : delays[name]);
  }
  return delays;
}

async function measure(child: Child, load: Load, into: Delays | undefined): Promise<void> {
  const customers = await connectMany(child.url, load.customers);
  const times = (await Promise.all(customers.map((customer, index) => talk(customer, load, index / load.customers)))).flat();
  for (const customer of customers) customer.close();
  into?.word.push(times.map(toFirstWord));
  into?.token.push(times.map((turn) => (turn.firstCame - turn.firstLeft) / 1000));
  into?.request.push(times.map((turn) => (turn.asked - turn.sent) / 1000));
}

/** Turns begin spread over the time of one answer, as customers' do. */
async function talk(customer: Customer, { turns, tokens }: Load, phase: number): Promise<TurnTimes[]> {
  await new Promise((resolve) => setTimeout(resolve, phase * tokens * GAP_MS));
  const times: TurnTimes[] = [];
  for (let turn = 0; turn < turns; turn += 1)
    times.push(await customer.ask({ kind: "text", tokens, gapMs: GAP_MS, waitMs: 10 + Math.random() * 20 }));
  return times;
}
