/**
 * What the journal costs, on disk and with the pragmas of the product, beside bare `node:sqlite` in the same run.
 * Durations are milliseconds. Run alone: `node test/bench/store.ts`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventDraft } from "../../protocol/events.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, CREATE, decided, ended, message, proposed, started, stop } from "../contract/store-drafts.ts";

/**
 * One line of the report. `floor` is what it is compared with, `ratio` is value / floor, `budget` the most that `value`
 * may be.
 */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly ratio?: number;
  readonly budget?: number;
}

const ROUNDS = 200;
const SHORT = "conversation-short";
const LONG = "conversation-long";
const LONG_EVENTS = 100_000;

export async function benchStore(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  const store = await openSqliteStore({ path: join(folder, "frontdesk.db") });
  const bare = openBare(join(folder, "bare.db"));
  try {
    return [...(await appends(store, bare)), ...(await turns(store)), ...(await lengths(store)), ...(await pages(store, bare))];
  } finally {
    await store.close();
    bare.database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function appends(store: Store, bare: Bare): Promise<BenchRow[]> {
  await store.append({ conversationId: SHORT, at: 1, create: CREATE, events: [message("message-1")] });
  const append = () => store.append({ conversationId: SHORT, at: 1, events: [stop()] });
  const alone = await beside(append, () => bare.insert(1));
  const fifty = await beside(
    () => Promise.all(Array.from({ length: 50 }, append)),
    () => bare.insert(50),
  );
  return [row("append, alone", alone, { budget: 1 }), row("50 appends at once, until all are on disk", fifty, { budget: 5 })];
}

/** Everything that a turn with one approved tool call writes, from the message to the lease given back. */
async function turns(store: Store): Promise<BenchRow[]> {
  let count = 0;
  const turn = () => toolTurn(store, (count += 1));
  const alone = await median(turn, ROUNDS);
  const fifty = await median(() => Promise.all(Array.from({ length: 50 }, turn)), 20);
  return [
    { name: "journal of a tool turn with an approval (8 appends, lease), alone", value: alone, unit: "ms", budget: 4 },
    { name: "the same, 50 turns at once, until all have ended", value: fifty, unit: "ms", budget: 60 },
  ];
}

async function toolTurn(store: Store, count: number): Promise<void> {
  const conversationId = `conversation-turn-${count}`;
  const approvalId = `approval-${count}`;
  const callId = "call-0001";
  const turnId = "turn-0001";
  const step: EventDraft = { type: "step-ended", turnId, step: 1, text: "I can do that." };
  await store.append({ conversationId, at: 1, create: CREATE, events: [message("message-1")] });
  const { lease } = (await store.acquireLease({ conversationId, holder: "node-1", now: 1, untilMs: 100 }))!;
  const write = (...events: EventDraft[]) => store.append({ conversationId, at: 2, lease, events });
  await write({ type: "turn-started", turnId, messageId: "message-1" });
  await write(step, proposed(callId), approvalRequested(approvalId, callId));
  await store.append({ conversationId, at: 3, events: [decided(approvalId, callId)] });
  await write(started(callId, approvalId));
  const results = { [callId]: { content: [{ kind: "text", text: "Refunded." }] } } as const;
  await store.append({ conversationId, at: 4, lease, events: [ended(callId)], results });
  await write({ ...step, step: 2 });
  await write({ type: "turn-ended", turnId, outcome: "done" });
  await store.releaseLease(lease, { seenSeq: 10, openSeq: 11, runnable: false });
}

/** Each method at 100,000 events, with the same at 10 as its floor. */
async function lengths(store: Store): Promise<BenchRow[]> {
  const short = await fill(store, "conversation-10", 10);
  const long = await fill(store, LONG, LONG_EVENTS);
  const methods: Record<string, (conversationId: string, length: number) => Promise<unknown>> = {
    append: (conversationId) => store.append({ conversationId, at: 1, events: [stop()] }),
    find: (conversationId) => store.find(conversationId),
    "readFrom, last 10": (conversationId, length) => store.readFrom(conversationId, length - 9, 10),
    "readBefore, last 10": (conversationId, length) => store.readBefore(conversationId, length + 1, 10),
    findCall: (conversationId) => store.findCall(conversationId, "call-first"),
  };
  const rows: BenchRow[] = [];
  for (const [name, method] of Object.entries(methods)) {
    const pair = await beside(
      () => method(LONG, long),
      () => method("conversation-10", short),
    );
    rows.push(row(`${name}: at ${LONG_EVENTS} events, floor at 10`, pair, {}));
  }
  return rows;
}

async function fill(store: Store, conversationId: string, length: number): Promise<number> {
  await store.append({ conversationId, at: 1, create: CREATE, events: [proposed("call-first")] });
  for (let written = 1; written < length;) {
    const size = Math.min(1_000, length - written);
    const events = Array.from({ length: size }, (_, index) => message(`message-${written + index}`, "Where is my order? ".repeat(5)));
    await store.append({ conversationId, at: 1, events });
    written += size;
  }
  return length;
}

/**
 * A page as a returning customer opens it, once more with a result of 8 MB in its middle; the floor reads and parses
 * without checking.
 */
async function pages(store: Store, bare: Bare): Promise<BenchRow[]> {
  const bodies = (await store.readFrom(LONG, 2, 500)).map((event) => JSON.stringify(event));
  bare.fillPage(bodies);
  const plain = await beside(
    () => store.readFrom(LONG, 2, 500),
    () => bare.readPage(),
  );
  const huge = { content: [{ kind: "text", text: "x".repeat(8_000_000) }] } as const;
  await fill(store, "conversation-huge", 499);
  const kept = await median(async () => {
    await store.append({ conversationId: "conversation-huge", at: 1, events: [ended("call-first")], results: { "call-first": huge } });
  }, 1);
  const beneath = await beside(
    () => store.readFrom("conversation-huge", 1, 500),
    () => store.readFrom(LONG, 2, 500),
  );
  return [
    row("page of 500 events", plain, { budget: 10 }),
    row("page of 500 events with an 8 MB result in it, floor without", beneath, { budget: 10 }),
    { name: "append with an 8 MB result", value: kept, unit: "ms" },
  ];
}

interface Bare {
  readonly database: DatabaseSync;
  insert(count: number): void;
  fillPage(bodies: readonly string[]): void;
  readPage(): unknown;
}

function openBare(path: string): Bare {
  const database = new DatabaseSync(path);
  database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full");
  database.exec(
    "create table journal (id text, seq integer, body text, primary key (id, seq)); create table page (seq integer primary key, body text)",
  );
  const insert = database.prepare("insert into journal values (?, ?, ?)");
  const page = database.prepare("select body from page order by seq limit 500");
  const body = JSON.stringify(stop());
  let seq = 0;
  return {
    database,
    insert(count) {
      database.exec("begin immediate");
      for (let index = 0; index < count; index += 1) insert.run(SHORT, (seq += 1), body);
      database.exec("commit");
    },
    fillPage(bodies) {
      const put = database.prepare("insert into page (body) values (?)");
      for (const text of bodies) put.run(text);
    },
    readPage: () => page.all().map((found) => JSON.parse(String(found["body"]))),
  };
}

interface Pair {
  readonly value: number;
  readonly floor: number;
}

/** Medians of both, measured turn and turn about, so that what else the machine does falls on both. */
async function beside(work: () => unknown, floor: () => unknown): Promise<Pair> {
  const values: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    values.push(await time(work));
    floors.push(await time(floor));
  }
  return { value: middle(values), floor: middle(floors) };
}

async function median(work: () => unknown, rounds: number): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) values.push(await time(work));
  return middle(values);
}

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function middle(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

function row(name: string, { value, floor }: Pair, { budget }: { budget?: number }): BenchRow {
  return { name, value, unit: "ms", floor, ratio: value / floor, ...(budget === undefined ? {} : { budget }) };
}

if (import.meta.main) {
  const round = (value: number | undefined) => (value === undefined ? undefined : Number(value.toPrecision(3)));
  console.table(
    (await benchStore()).map(({ value, floor, ratio, ...rest }) => ({
      ...rest,
      value: round(value),
      floor: round(floor),
      ratio: round(ratio),
    })),
  );
}
