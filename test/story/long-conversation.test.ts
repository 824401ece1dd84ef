import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { waitFor } from "../support/wait-for.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

/** Each is a question and its answer: 500 messages. */
const TURNS = 250;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

function turn(index: number): EventDraft[] {
  const turnId = `seeded-turn-${index}`;
  const messageId = `seeded-message-${index}`;
  return [
    { type: "message-received", messageId, text: `Question ${index}`, by: { kind: "customer", id: "seeded" } },
    { type: "turn-started", turnId, messageId },
    { type: "step-ended", turnId, step: 0, text: `Answer ${index}\n\nIt has a second paragraph, and **bold** words in it.` },
    { type: "turn-ended", turnId, outcome: "done" },
  ];
}

/** One answer with so many tool calls that its events fill pages, while there is hardly anything to see. */
function turnOfManyCalls(calls: number): EventDraft[] {
  const turnId = "seeded-turn-of-calls";
  const messageId = "seeded-message-of-calls";
  const tool = { source: "mcp", server: "orders", serverName: "Lull orders", tool: "lookup_order", title: "Look up order" } as const;
  const ids = Array.from({ length: calls }, (_, index) => `seeded-call-${index}`);
  return [
    { type: "message-received", messageId, text: "Look everything up", by: { kind: "customer", id: "seeded" } },
    { type: "turn-started", turnId, messageId },
    ...ids.flatMap((callId, step): EventDraft[] => [
      { type: "step-ended", turnId, step, text: "" },
      { type: "tool-call-proposed", turnId, step, callId, tool, arguments: { orderId: "1042" } },
      { type: "tool-call-started", turnId, callId, attempt: 1 },
      { type: "tool-call-ended", turnId, callId, outcome: "ok", durationMs: 5 },
    ]),
    { type: "step-ended", turnId, step: calls, text: "I looked everything up." },
    { type: "turn-ended", turnId, outcome: "done" },
  ];
}

/** Writes a past of many turns into a conversation, while no server has its file. */
async function writePast(conversationId: string, turns: readonly (readonly EventDraft[])[]): Promise<void> {
  const store = await openSqliteStore({ path: join(stage.folder, "frontdesk.sqlite") });
  try {
    const held = await store.acquireLease({ conversationId, holder: "past", now: Date.now(), untilMs: Date.now() + 60_000 });
    if (held === undefined) throw new Error("Somebody else holds the conversation.");
    const { lease } = held;
    let seenSeq = held.conversation.lastSeq;
    for (const drafts of turns) {
      const { events } = await store.append({ conversationId, lease, at: Date.now(), events: drafts });
      seenSeq = events.at(-1)?.seq ?? seenSeq;
    }
    await store.releaseLease(lease, { seenSeq, openSeq: seenSeq + 1, runnable: false });
  } finally {
    await store.close();
  }
}

/** Brings the reader to the very beginning, as a wheel would: up, and up again with what came. */
async function scrollToBeginning(visit: Visit): Promise<void> {
  await waitFor(async () => {
    await visit.log.evaluate((log) => log.scrollTo(0, 0));
    return (await visit.log.getByText("Hello, this is the Lull assistant.").count()) > 0;
  });
}

/** A conversation with such a past, opened anew. */
async function openPast(turns: readonly (readonly EventDraft[])[]): Promise<Visit> {
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.ask("Hello");
  await visit.answered("I am the scripted model of this demo");
  await visit.settled();
  const conversationId = await visit.conversationId();
  await stage.demo.parts.server.stop();
  await writePast(conversationId, turns);
  await stage.demo.parts.server.start();
  await visit.page.reload();
  return visit;
}

const TIME_LINE_PX = 40;
const manyTurns = Array.from({ length: TURNS }, (_, index) => turn(index));

test("a conversation of 500 messages opens at its end, reads back to its beginning, and goes on", async () => {
  const visit = await openPast(manyTurns);
  await visit.answered(`Answer ${TURNS - 1}`);
  // At the end, and with a page of it only.
  const fromEnd = await visit.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
  expect(fromEnd).toBeLessThan(4);
  expect(await visit.bubbles.getByText("Question 3", { exact: true }).count()).toBe(0);

  await scrollToBeginning(visit);
  const questions = await visit.said();
  expect(questions).toEqual(["Hello", ...Array.from({ length: TURNS }, (_, index) => `Question ${index}`)]);
  const answers = await visit.answerTexts();
  expect(answers).toHaveLength(TURNS + 1);
  for (let index = 0; index < TURNS; index += 1) expect(answers[index + 1]).toContain(`Answer ${index}`);

  await visit.ask("Where is order 1042?");
  await visit.answered("The parcel is with Heron Post");
  await visit.settled();
  expect(await visit.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop)).toBeLessThan(4);
});

test("an answer whose calls fill pages does not stand before what is older", async () => {
  const visit = await openPast([turn(0), turnOfManyCalls(80)]);
  await visit.answered("I looked everything up.");
  await scrollToBeginning(visit);
  expect(await visit.said()).toEqual(["Hello", "Question 0", "Look everything up"]);
  await visit.sources.filter({ hasText: "Sources (80)" }).waitFor();
});

test("what was being read stays where it is while older turns come", async () => {
  const visit = await openPast(manyTurns);
  await visit.answered(`Answer ${TURNS - 1}`);

  // The first page is drawn while the browser has nothing else to do; for twenty frames nothing was added to it.
  const isDrawn = async (): Promise<boolean> =>
    visit.log.evaluate(async (log) => {
      const height = log.scrollHeight;
      for (let frame = 0; frame < 20; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (log.scrollHeight !== height) return false;
      }
      return height > 3000;
    });
  await waitFor(isDrawn);
  const [first = ""] = await visit.said();
  const place = async (): Promise<number> =>
    visit.bubbles.getByText(first, { exact: true }).evaluate((bubble) => bubble.getBoundingClientRect().top);
  // In one piece: what comes from the server after the scrolling must find the reader where they were measured.
  const before = await visit.bubbles.getByText(first, { exact: true }).evaluate((bubble) => {
    bubble.closest("[role=log]")?.scrollTo(0, 200);
    return bubble.getBoundingClientRect().top;
  });
  await waitFor(async () => (await visit.bubbles.first().innerText()) !== first);
  // The line of time above a turn goes when an earlier one stands before it, and on a busy machine a frame may show it
  // a moment longer than its room is kept.
  await waitFor(async () => Math.abs((await place()) - before) < TIME_LINE_PX);
});
