/**
 * What counting costs in an append: a turn's journal with it and without, in the same run and on the same disk, and how
 * long a report of 30 days takes. Run alone: `node test/bench/usage.ts`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely } from "kysely";
import type { EventDraft } from "../../protocol/events.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import type { Schema } from "../../server/store/schema.ts";
import { openDatabaseFile } from "../../server/store/sqlite/database-file.ts";
import { nodeSqliteDialect } from "../../server/store/sqlite/dialect.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { prepareStatements } from "../../server/store/sqlite/statements.ts";
import { countConversation, countEvent } from "../../server/store/sqlite/usage.ts";
import { UsageReports } from "../../server/usage/usage-reports.ts";
import { CREATE, message, proposed, started } from "../contract/store-drafts.ts";
import type { BenchRow } from "./store.ts";

const ROUNDS = 300;
const AT_ONCE = 20;
const DAY = 86_400_000;
const DAYS = 30;
const TOOLS = 20;

export async function benchUsage(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  const path = join(folder, "frontdesk.db");
  let store = await openSqliteStore({ path });
  try {
    const whole = await turnMs(store);
    await store.close();
    const counting = countingMs(path);
    fillMonth(path);
    store = await openSqliteStore({ path });
    const reports = new UsageReports({ usage: store.usage });
    const asked = { assistants: ["shop"], from: "2026-11-01", to: "2026-11-30", zone: "Europe/Berlin" };
    const begun = performance.now();
    const longest = await longestPause(() => reports.report(asked));
    const reportMs = performance.now() - begun;
    const without = whole - counting;
    return [
      {
        name: "journal of a tool turn with what is counted of it, beside the same without",
        value: whole,
        unit: "ms",
        floor: without,
        ratio: whole / without,
      },
      { name: "of that, counting", value: counting, unit: "ms", budget: 0.5 },
      { name: "report of 30 days in each of whose quarter hours 20 tools ran", value: reportMs, unit: "ms", budget: 2000 },
      { name: "longest that the report holds the process up", value: longest, unit: "ms", budget: 50 },
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function turnEvents(count: number): readonly (readonly EventDraft[])[] {
  const callId = `call-${count}`;
  const turnId = "turn-0001";
  const usage = { inputTokens: 1000, outputTokens: 100, cachedTokens: 10 };
  const cost = { amount: 0.01, currency: "USD" };
  const step: EventDraft = { type: "step-ended", turnId, step: 1, text: "I can do that.", model: "gpt", durationMs: 900, usage, cost };
  return [
    [{ type: "turn-started", turnId, messageId: `message-${count}` }],
    [step, proposed(callId)],
    [started(callId)],
    [{ type: "tool-call-ended", turnId, callId, outcome: "ok", durationMs: 340 }],
    [step, { type: "turn-ended", turnId, outcome: "done" }],
  ];
}

/** Twenty at once, as a busy server has them: each alone waits for the disk most of the time. */
async function turnMs(store: OpenedStore): Promise<number> {
  const one = async (count: number): Promise<void> => {
    const conversationId = `conversation-${count}`;
    await store.append({ conversationId, at: count, create: CREATE, events: [message(`message-${count}`)] });
    for (const events of turnEvents(count)) await store.append({ conversationId, at: count, events });
  };
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += AT_ONCE) {
    const begun = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => one(round + index)));
    times.push((performance.now() - begun) / AT_ONCE);
  }
  return median(times);
}

/** What the same turns' counting takes alone, in transactions of twenty. */
function countingMs(path: string): number {
  const database = openDatabaseFile(path, { exclusive: true });
  try {
    const statements = prepareStatements(database, new Kysely<Schema>({ dialect: nodeSqliteDialect(database) }));
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += AT_ONCE) {
      const begun = performance.now();
      database.exec("begin immediate");
      for (let count = round; count < round + AT_ONCE; count += 1) {
        const conversation = statements.findConversation.get({ id: `conversation-${count}` })!;
        countConversation(statements, conversation);
        for (const draft of turnEvents(count).flat()) countEvent(statements, conversation, draft, count);
      }
      database.exec("commit");
      times.push((performance.now() - begun) / AT_ONCE);
    }
    return median(times);
  } finally {
    database.close();
  }
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)]!;
}

/** Every quarter of an hour of a month has counts of every tool, and twenty buckets of their times. */
function fillMonth(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("begin");
  const count = database.prepare("insert into usage_counts values ('shop', ?, ?, ?, 3)");
  const time = database.prepare("insert into usage_times values ('shop', ?, 'call-ms', ?, ?, 1)");
  const first = Math.floor((Date.parse("2026-11-01T00:00:00Z") - DAY) / 900_000);
  for (let quarter = first; quarter < first + (DAYS + 2) * 96; quarter += 1) {
    for (let tool = 0; tool < TOOLS; tool += 1) {
      count.run(quarter, "calls", `ok orders/tool_${tool}`);
      for (let bucket = 0; bucket < 5; bucket += 1) time.run(quarter, `orders/tool_${tool}`, 40 + bucket + (quarter % 10));
    }
    for (const measure of ["conversations", "turns", "feedback"]) count.run(quarter, measure, "up");
    for (const measure of ["steps", "input-tokens", "output-tokens"]) count.run(quarter, measure, "gpt");
  }
  database.exec("commit");
  database.close();
}

/** The longest time between two turns of the event loop while `work` runs. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (!isOver) setImmediate(look);
  };
  look();
  await work();
  isOver = true;
  return longest;
}

if (import.meta.main) console.table(await benchUsage());
