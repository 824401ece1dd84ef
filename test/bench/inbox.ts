/**
 * The inbox and the search of 100,000 conversations with a million texts' worth of places: what a first page of each
 * view costs, filtered as well, beside a bare select of as many rows by an index of the same file; and what the search
 * answers. Run alone: `npm run bench -- --only inbox`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { INBOX_VIEWS, type InboxFilter, type InboxView } from "../../server/inbox/inbox.ts";
import type { SearchedKind } from "../../server/inbox/search.ts";
import { type IndexedText, SearchIndex } from "../../server/search/search-index.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import type { Bench, Figure } from "./figure.ts";

const CONVERSATIONS = 100_000;
const TEXTS_EACH = 2;
const ROUNDS = 15;
const PAGE = 50;
const BUDGET_MS = 100;
const MEMBER = { id: "ada", groups: ["refunds"] };

const FILTERS: readonly (readonly [name: string, view: InboxView, filter: InboxFilter])[] = [
  ["open, of one assistant", "open", { assistant: "shop-1" }],
  ["open, with a rare tag", "open", { tag: "rare" }],
  ["open, of one customer", "open", { customer: "customer-77" }],
  ["closed, in a language that a third has", "closed", { language: "de" }],
  ["open, with a frequent tag that only the oldest have", "open", { tag: "old" }],
  ["open, urgent, in one language, of one assistant", "open", { priority: "urgent", language: "de", assistant: "shop-2" }],
];

export const benchInbox: Bench = async ({ fast }) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  const path = join(folder, "frontdesk.sqlite");
  const count = fast ? 5_000 : CONVERSATIONS;
  try {
    await (await openSqliteStore({ path })).close();
    fill(path, count);
    const floor = bareMs(path);
    const store = await openSqliteStore({ path });
    const figures = await listFigures(store, count, floor);
    await store.close();
    return [...figures, ...searchFigures(join(folder, "search.sqlite"), count)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function listFigures(store: OpenedStore, count: number, floor: number): Promise<Figure[]> {
  const of = `of ${count.toLocaleString("en-GB")} conversations`;
  const figures: Figure[] = [];
  const measured = async (name: string, view: InboxView, filter: InboxFilter): Promise<void> => {
    const value = await medianMs(() => store.inbox.listInbox({ view, filter, member: MEMBER, limit: PAGE, now: count * 10 }));
    figures.push({ name: `inbox, first ${PAGE} ${of}: ${name}`, value, unit: "ms", floor, budget: BUDGET_MS });
  };
  for (const view of INBOX_VIEWS) await measured(view, view, {});
  for (const filter of FILTERS) await measured(...filter);
  const counts = await medianMs(() => store.inbox.countInbox(MEMBER, count * 10));
  return [...figures, { name: `inbox, counts of all views ${of}`, value: counts, unit: "ms", floor, budget: BUDGET_MS }];
}

function searchFigures(path: string, count: number): Figure[] {
  const index = new SearchIndex(path);
  const texts = count * TEXTS_EACH;
  const begun = performance.now();
  for (let from = 0; from < texts; from += 500)
    index.add(Array.from({ length: Math.min(500, texts - from) }, (_, number) => textOf(from + number)));
  const each = (performance.now() - begun) / texts;
  const of = `in ${texts.toLocaleString("en-GB")} texts`;
  const found = (name: string, words: string, budget = BUDGET_MS): Figure => ({
    name: `search ${of}: ${name}`,
    value: medianOf(() => index.search({ words, limit: PAGE, filter: {} })),
    unit: "ms",
    budget,
  });
  const figures: Figure[] = [
    { name: `search: reading one text, in steps of 500 (beside the conversations)`, value: each, unit: "ms", budget: 2 },
    found("a frequent word", "order"),
    found("a part of a word", "arehous"),
    found("an order number that one text has", "#1000077"),
    found("two Chinese characters", "退款"),
    found("a word that no text has", "xylophone"),
    found("two frequent words that no text has together", "warehouse kettle", 1_000),
  ];
  index.close();
  return figures;
}

const SAID = [
  "Where is my order",
  "It left our warehouse on Tuesday, order",
  "退款单在哪里 order",
  "The lid of the kettle does not fit. Order",
];

function textOf(number: number): IndexedText {
  const kind: SearchedKind = number % 2 === 0 ? "message" : "answer";
  return {
    conversationId: `conversation-${Math.floor(number / TEXTS_EACH)}`,
    seq: number % TEXTS_EACH,
    at: 1_700_000_000_000 + number * 1000,
    assistant: `shop-${number % 3}`,
    kind,
    text: `${SAID[number % SAID.length]} #${1_000_000 + number}? `.repeat(2),
  };
}

/** Rows as the store writes them, without its disk. */
function fill(path: string, count: number): void {
  const database = new DatabaseSync(path);
  database.exec("pragma synchronous = off; begin");
  const conversation = database.prepare(
    "insert into conversations (id, assistant, customer_id, created_at, updated_at, last_seq, open_seq, summary_seq, fence, due_since) values (?, ?, ?, ?, ?, 1, 2, 0, 0, 0)",
  );
  const event = database.prepare("insert into events (conversation_id, seq, at, type, body) values (?, 1, ?, 'message-received', ?)");
  const row = database.prepare(
    "insert into inbox (conversation_id, assistant, customer_id, active_at, closed, waiting_approvals, asked_at, unknown_calls, assignee, priority, snoozed_until, message_seq, heard_seq) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1)",
  );
  const mark = database.prepare("insert into inbox_marks (mark, conversation_id) values (?, ?)");
  for (let number = 0; number < count; number += 1) {
    const id = `conversation-${number}`;
    const [assistant, customer] = [`shop-${number % 3}`, `customer-${number % 20_000}`];
    const at = number * 10;
    conversation.run(id, assistant, customer, at, at);
    event.run(
      id,
      at,
      JSON.stringify({ messageId: `message-${number}`, text: "Where is my order?", by: { kind: "customer", id: customer } }),
    );
    const some = (every: number): number => (number % every === 0 ? 1 : 0);
    row.run(
      id,
      assistant,
      customer,
      at,
      some(2),
      some(101),
      some(103) === 1 ? at : null,
      some(107),
      number % 50 === 0 ? "person/ada" : null,
      some(31) === 1 ? 3 : 1,
      number % 211 === 0 ? count * 100 : null,
    );
    mark.run(`assistant:${assistant}`, id);
    mark.run(`customer:${customer}`, id);
    mark.run(`language:${number % 3 === 0 ? "de" : "en"}`, id);
    if (number % 5000 === 7) mark.run("tag:rare", id);
    if (number < count / 10) mark.run("tag:old", id);
  }
  database.exec("commit");
  database.close();
}

/** As many rows by an index, joined to as much. */
function bareMs(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const select = database.prepare(
    `select c.*, e.body from conversations c join events e on e.conversation_id = c.id and e.seq = 1 order by c.created_at desc, c.id desc limit ${PAGE}`,
  );
  const value = medianOf(() => select.all());
  database.close();
  return value;
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return middle(times);
}

function medianOf(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return middle(times);
}

function middle(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}
