import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventDraft } from "../../../protocol/events.ts";
import { openSqliteStore } from "../../../server/store/sqlite/sqlite-store.ts";
import type { BenchOptions, Figure } from "../figure.ts";
import { bestMedian } from "../samples.ts";
import { Customer } from "./customer.ts";
import { onStage, type Stage } from "./stage.ts";

const LENGTHS = [10, 100, 1_000, 10_000];
const QUESTION = "Where is my parcel, please?";
const ANSWER = "It left our warehouse on Monday and comes tomorrow.";
const TURNS = 20;

/**
 * From Send to the model's request in conversations of 10 to 10,000 messages, all of which are in the prompt: the first
 * message after a start, which reads the journal, and those that follow. The floor is the bare relay with as many
 * messages, so what is above it is bookkeeping.
 */
export async function benchGrowth({ fast }: BenchOptions): Promise<readonly Figure[]> {
  const lengths = fast ? LENGTHS.slice(0, 3) : LENGTHS;
  const dataDir = await mkdtemp(join(tmpdir(), "frontdesk-growth-"));
  try {
    return await onStage({}, async (stage) => {
      const { token, conversations } = await prepare(stage, dataDir, lengths);
      const server = await stage.server({ environment: { DATA_DIR: dataDir } });
      const figures: Figure[] = [];
      for (const [index, length] of lengths.entries()) {
        const floor = await stage.floor({ environment: { EARLIER_MESSAGES: String(length), QUESTION, ANSWER } });
        const least = await requests(await Customer.connect(floor.url));
        await floor.stop();
        const customer = await Customer.connect(server.url, { token, conversationId: conversations[index]! });
        const ours = await requests(customer);
        const name = `message to model's request, ${length.toLocaleString("en")} messages before`;
        figures.push({ name: `${name}, first after a start`, unit: "ms", value: ours.first, floor: least.first });
        figures.push({ name, unit: "ms", value: ours.next, floor: least.next });
        figures.push({ name: `${name}: added to the relay's`, unit: "ms", value: ours.next - least.next });
      }
      return figures;
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Writes the conversations of a customer into the database that the server will open. */
async function prepare(stage: Stage, dataDir: string, lengths: readonly number[]): Promise<{ token: string; conversations: string[] }> {
  const server = await stage.server({ environment: { DATA_DIR: dataDir } });
  const { token, customerId } = await Customer.connect(server.url);
  await server.stop();
  const store = await openSqliteStore({ path: join(dataDir, "frontdesk.sqlite") });
  const conversations: string[] = [];
  for (const length of lengths) {
    const conversationId = randomUUID();
    conversations.push(conversationId);
    const create = { assistant: "shop", customerId };
    const by = { kind: "customer", id: customerId } as const;
    for (let from = 0; from < length; from += 500) {
      const turns = Array.from({ length: Math.min(500, length - from) }, (_, index) => turn(from + index, by));
      await store.append({ conversationId, at: Date.now(), create, events: turns.flat() });
    }
    const now = Date.now();
    const { lease } = (await store.acquireLease({ conversationId, holder: "bench", now, untilMs: now + 60_000 }))!;
    await store.releaseLease(lease, { seenSeq: length * 4, openSeq: length * 4 + 1, runnable: false });
  }
  await store.close();
  return { token, conversations };
}

function turn(index: number, by: { kind: "customer"; id: string }): EventDraft[] {
  const name = String(index).padStart(8, "0");
  const ids = { turnId: `turn-${name}`, messageId: `message-${name}` };
  return [
    { type: "message-received", messageId: ids.messageId, text: QUESTION, by },
    { type: "turn-started", ...ids },
    { type: "step-ended", turnId: ids.turnId, step: 0, text: ANSWER },
    { type: "turn-ended", turnId: ids.turnId, outcome: "done" },
  ];
}

/** From Send to the request, in milliseconds: of the first message, and the median of the rest. */
async function requests(customer: Customer): Promise<{ first: number; next: number }> {
  const took: number[] = [];
  for (let count = 0; count <= TURNS; count += 1) {
    const { sent, asked } = await customer.ask({ kind: "text", tokens: 2, waitMs: 3, gapMs: 2 });
    took.push((asked - sent) / 1000);
  }
  customer.close();
  return { first: took[0]!, next: bestMedian([took.slice(1)]) };
}
