import { describe, expect, onTestFinished, test } from "vitest";
import { customerView } from "../../server/conversation/customer-view.ts";
import { openConversation } from "../../server/conversation/open-conversation.ts";
import { connectionDecision } from "../../server/conversation/decisions/connection-decision.ts";
import { inputDecision } from "../../server/conversation/decisions/input-decision.ts";
import { findTurn } from "../../server/conversation/find-turn.ts";
import type { EventDraft } from "../../protocol/events.ts";
import { ModelStore } from "../contract/store-model.ts";
import { begin, CONVERSATION, CUSTOMER, message, proposed, TURN } from "../contract/store-drafts.ts";
import { watchStore, type WatchedStore } from "../support/watched-store.ts";

const KILOBYTES = "r".repeat(50_000);
const PAGE = { events: 100, bytes: 256 * 1024 };
const live = { snapshot: () => ({ progress: [] }) };

/** A journal of megabytes, most of which its customer never sees: 200 results, in one turn. */
async function longTurn(): Promise<WatchedStore> {
  const store = new ModelStore();
  onTestFinished(() => store.close());
  await begin(store);
  const calls = Array.from({ length: 200 }, (_, index): EventDraft[] => {
    const callId = `call-${String(index).padStart(4, "0")}`;
    return [proposed(callId), { type: "tool-call-ended", turnId: TURN, callId, outcome: "ok", text: KILOBYTES, bytes: KILOBYTES.length }];
  });
  const events: EventDraft[] = [{ type: "turn-started", turnId: TURN, messageId: "message-1" }, ...calls.flat()];
  await store.append({ conversationId: CONVERSATION, at: 2, events });
  return watchStore(store);
}

describe("whatever a customer asks about a journal of 10 MB reads little of it", () => {
  const conversation = async ({ store }: WatchedStore) => (await store.find(CONVERSATION))!;

  test.each([undefined, 0, 5, 320, 399, 401, 99_999])("opening it with %s", async (after) => {
    const watched = await longTurn();
    const opened = await openConversation({ store: watched.store, live, page: PAGE }, await conversation(watched), after, customerView);
    expect(opened.lastSeq).toBe(402);
    expect(opened.events.at(-1)?.seq).toBe(402);
    expect(watched.bytes()).toBeLessThan(3 * PAGE.bytes);
  });

  test("what was missed is sent whole, or the last page with the word to drop the rest", async () => {
    const { store } = await longTurn();
    const found = (await store.find(CONVERSATION))!;
    const open = (after: number) => openConversation({ store, live, page: PAGE }, found, after, customerView);
    const few = await open(399);
    expect([few.events.map(({ seq }) => seq), few.reset, few.more]).toEqual([[400, 401, 402], false, false]);
    const many = await open(380);
    expect([many.events[0]!.seq > 381, many.reset, many.more]).toEqual([true, true, true]);
  });

  test.each([
    [
      "an answer to a question that is not there",
      inputDecision({ conversationId: CONVERSATION, requestId: "request-x", action: "decline" }, CUSTOMER),
    ],
    [
      "a sign-in that is not there",
      connectionDecision({ conversationId: CONVERSATION, requestId: "request-x", decision: "skipped" }, CUSTOMER),
    ],
  ])("%s", async (_what, decision) => {
    const { store, bytes } = await longTurn();
    expect(await decision.find(store)).toBeUndefined();
    expect(bytes()).toBeLessThan(2_000);
  });

  test.each([TURN, "turn-none"])("stopping %s", async (turnId) => {
    const { store, bytes } = await longTurn();
    await findTurn(store, CONVERSATION, turnId).catch(() => undefined);
    expect(bytes()).toBeLessThan(2_000);
  });

  test("its pages add up to all of it", async () => {
    const { store } = await longTurn();
    await store.append({ conversationId: CONVERSATION, at: 3, events: [message("message-2")] });
    const seqs: number[] = [];
    for (let before = 404; before > 1; before = seqs[0]!)
      seqs.unshift(...(await store.readBefore(CONVERSATION, before, PAGE.events, PAGE.bytes)).map(({ seq }) => seq));
    expect(seqs).toEqual(Array.from({ length: 403 }, (_, index) => index + 1));
  });
});
