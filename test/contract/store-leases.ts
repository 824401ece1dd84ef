import { describe, expect, test } from "vitest";
import { LeaseLostError } from "../../server/conversation/ports/errors.ts";
import type { Lease, Store } from "../../server/conversation/ports/store.ts";
import type { OpenedStore } from "./opened-store.ts";
import { begin, CONVERSATION, CREATE, heard, message, stop } from "./store-drafts.ts";

const BEGINNING = { holder: "node-1", now: 10, untilMs: 20, turnId: "turn-begun" };
const AT_REST = { seenSeq: 1, openSeq: 2, runnable: false };

export function storeKeepsLeases(opened: () => OpenedStore): void {
  describe("a lease", () => {
    test("is one node's until its time is over, to the millisecond", async () => {
      const { store } = opened();
      await begin(store);
      const first = await acquire(store, "node-1", 10, 20);
      expect(first!.conversation).toEqual({ id: CONVERSATION, ...CREATE, lastSeq: 1, openSeq: 1, summarySeq: 0 });
      expect(await acquire(store, "node-2", 19, 40)).toBeUndefined();
      const second = await acquire(store, "node-2", 20, 40);
      expect(second!.lease.fence).toBeGreaterThan(first!.lease.fence);
    });

    test("goes to one of many who ask at once", async () => {
      const { store } = opened();
      await begin(store);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => acquire(store, `node-${index}`, 10, 20)));
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
    });

    test("is not given for a conversation that does not exist", async () => {
      expect(await acquire(opened().store, "node-1", 10, 20)).toBeUndefined();
    });

    test("goes back with the last append, where the journal is as its run knows it", async () => {
      const { store } = opened();
      await begin(store);
      const { lease } = (await acquire(store, "node-1", 10, 20))!;
      const last = { conversationId: CONVERSATION, lease, events: [stop()] };
      // Somebody wrote meanwhile: written, and the lease is kept.
      expect(await store.append({ ...last, at: 11, release: { seenSeq: 0 } })).not.toHaveProperty("released");
      expect(await store.renewLease(lease, 20)).toBe(true);
      expect(await store.append({ ...last, at: 12, release: { seenSeq: 2 } })).toMatchObject({ released: true, events: [{ seq: 3 }] });
      await isDead(store, lease);
      expect((await store.find(CONVERSATION))!.openSeq).toBe(4);
      expect(await store.listDue(1_000_000, 10)).toEqual([]);
      // Only whoever has the lease gives it back.
      const next = (await acquire(store, "node-2", 13, 20))!.lease;
      await store.append({ conversationId: CONVERSATION, at: 14, events: [stop()], release: { seenSeq: 3 } });
      expect(await store.renewLease(next, 30)).toBe(true);
    });

    test("begins the turn of the one message that waits, in the same commit", async () => {
      const { store } = opened();
      await begin(store);
      const taken = await store.acquireLease({ ...BEGINNING, conversationId: CONVERSATION });
      const began = { type: "turn-started", turnId: "turn-begun", messageId: "message-1", seq: 2, at: 10 };
      expect(taken).toMatchObject({ began, conversation: { lastSeq: 2, openSeq: 1 } });
      expect(await store.readFrom(CONVERSATION, 2, 10)).toEqual([began]);
      expect((await store.find(CONVERSATION))!.lastSeq).toBe(2);
      expect((await store.append({ conversationId: CONVERSATION, at: 11, lease: taken!.lease, events: [stop()] })).events[0]!.seq).toBe(3);
    });

    test("begins a turn with the settings that it is told", async () => {
      const { store } = opened();
      await begin(store);
      const settings = { version: 3, draft: "draft-0001" };
      const taken = await store.acquireLease({ ...BEGINNING, conversationId: CONVERSATION, settings });
      expect(taken?.began).toMatchObject(settings);
      expect(await store.readFrom(CONVERSATION, 2, 10)).toEqual([taken?.began]);
    });

    test("begins the turn of a message beside which only stands what nobody has to answer", async () => {
      const { store } = opened();
      await store.append({ conversationId: CONVERSATION, at: 1, create: CREATE, events: [heard()] });
      await store.append({ conversationId: CONVERSATION, at: 2, events: [message("message-1")] });
      await store.append({ conversationId: CONVERSATION, at: 3, events: [heard()] });
      const taken = await store.acquireLease({ ...BEGINNING, conversationId: CONVERSATION });
      expect(taken).toMatchObject({ began: { messageId: "message-1", seq: 4 }, conversation: { lastSeq: 4, openSeq: 1 } });
      await store.append({ conversationId: "conversation-2", at: 1, create: CREATE, events: [heard(), message("message-1"), heard()] });
      await store.append({ conversationId: "conversation-2", at: 2, events: [message("message-2")] });
      expect((await store.acquireLease({ ...BEGINNING, conversationId: "conversation-2" }))!.began).toBeUndefined();
    });

    test("begins no turn where more is open, or something else than a message", async () => {
      const { store } = opened();
      await begin(store);
      await store.acquireLease({ ...BEGINNING, conversationId: CONVERSATION });
      // The turn is open, whoever comes next.
      const later = { conversationId: CONVERSATION, holder: "node-2", now: 20, untilMs: 30, turnId: "turn-other" };
      expect((await store.acquireLease(later))!.began).toBeUndefined();
      await begin(store, "conversation-2");
      await store.append({ conversationId: "conversation-2", at: 9, events: [message("message-2")] });
      expect((await store.acquireLease({ ...BEGINNING, conversationId: "conversation-2" }))!.began).toBeUndefined();
      await store.append({ conversationId: "conversation-3", at: 9, create: CREATE, events: [stop()] });
      expect((await store.acquireLease({ ...BEGINNING, conversationId: "conversation-3" }))!.began).toBeUndefined();
      // Everything is answered.
      await begin(store, "conversation-4");
      const { lease } = (await store.acquireLease({ ...BEGINNING, conversationId: "conversation-4" }))!;
      await store.releaseLease(lease, { seenSeq: 2, openSeq: 3, runnable: false });
      expect((await store.acquireLease({ ...BEGINNING, conversationId: "conversation-4" }))!.began).toBeUndefined();
    });

    test("that was lost appends nothing, is not renewed and cannot be given back", async () => {
      const { store } = opened();
      await begin(store);
      const lost = (await acquire(store, "node-1", 10, 20))!.lease;
      const good = (await acquire(store, "node-2", 20, 30))!.lease;
      await isDead(store, lost);
      expect((await store.append({ conversationId: CONVERSATION, at: 21, lease: good, events: [stop()] })).events[0]!.seq).toBe(2);
    });

    test("that was taken again by its own node fences off that node's earlier run", async () => {
      const { store } = opened();
      await begin(store);
      const earlier = (await acquire(store, "node-1", 10, 20))!.lease;
      const later = (await acquire(store, "node-1", 11, 20))!.lease;
      await isDead(store, earlier);
      expect(await store.renewLease(later, 50)).toBe(true);
    });

    test("that was given back is over", async () => {
      const { store } = opened();
      await begin(store);
      const { lease } = (await acquire(store, "node-1", 10, 20))!;
      expect(await store.releaseLease(lease, AT_REST)).toBe(true);
      await isDead(store, lease);
      expect((await acquire(store, "node-2", 11, 20))!.lease.fence).toBeGreaterThan(lease.fence);
    });

    test("of one conversation is none of another", async () => {
      const { store } = opened();
      await begin(store);
      await begin(store, "conversation-2");
      const { lease } = (await acquire(store, "node-1", 10, 20))!;
      const other = (await store.acquireLease({ conversationId: "conversation-2", holder: "node-1", now: 10, untilMs: 20 }))!;
      expect(other.lease.fence).toBe(lease.fence);
      await expect(store.append({ conversationId: "conversation-2", at: 11, lease, events: [stop()] })).rejects.toThrow(LeaseLostError);
    });

    test("past its time still holds while nobody else wants it, and renewing moves its time", async () => {
      const { store } = opened();
      await begin(store);
      const { lease } = (await acquire(store, "node-1", 10, 20))!;
      await store.append({ conversationId: CONVERSATION, at: 25, lease, events: [stop()] });
      expect(await store.renewLease(lease, 50)).toBe(true);
      expect(await acquire(store, "node-2", 49, 60)).toBeUndefined();
      expect(await acquire(store, "node-2", 50, 60)).toBeDefined();
    });

    test("is kept when the journal grew past what its run has seen, and moves the open end when given back", async () => {
      const { store } = opened();
      await begin(store);
      const { lease } = (await acquire(store, "node-1", 10, 20))!;
      await store.append({ conversationId: CONVERSATION, at: 11, events: [message("message-2")] });
      expect(await store.releaseLease(lease, AT_REST)).toBe(false);
      expect(await acquire(store, "node-2", 12, 20)).toBeUndefined();
      expect((await store.find(CONVERSATION))!.openSeq).toBe(1);
      expect(await store.releaseLease(lease, { seenSeq: 2, openSeq: 3, runnable: false })).toBe(true);
      expect((await store.find(CONVERSATION))!.openSeq).toBe(3);
    });

    test("and a message that come at once never leave the message unseen", async () => {
      const { store } = opened();
      await begin(store);
      for (let round = 1; round <= 20; round += 1) {
        const { lease } = (await acquire(store, "node-1", 10, 20))!;
        const append = () => store.append({ conversationId: CONVERSATION, at: 11, events: [message(`message-${round}-b`)] });
        const release = () => store.releaseLease(lease, { seenSeq: round, openSeq: round + 1, runnable: false });
        const [released] =
          round % 2 === 0 ? await Promise.all([release(), append()]) : (await Promise.all([append(), release()])).toReversed();
        if (released === false) await store.releaseLease(lease, { seenSeq: round + 1, openSeq: round + 1, runnable: true });
        expect(await store.listDue(11, 10)).toEqual([CONVERSATION]);
      }
    });
  });

  describe("a conversation is due", () => {
    test("after an entry from outside, until a run has it and has given it back", async () => {
      const { store } = opened();
      await begin(store);
      expect(await store.listDue(0, 10)).toEqual([CONVERSATION]);
      const { lease } = (await acquire(store, "node-1", 10, 20))!;
      expect(await store.listDue(19, 10)).toEqual([]);
      await store.releaseLease(lease, AT_REST);
      expect(await store.listDue(1_000_000, 10)).toEqual([]);
      await store.append({ conversationId: CONVERSATION, at: 30, events: [stop()] });
      expect(await store.listDue(30, 10)).toEqual([CONVERSATION]);
    });

    test("when the lease of a run that died is over, though nothing new came", async () => {
      const { store } = opened();
      await begin(store);
      await store.releaseLease((await acquire(store, "node-1", 10, 20))!.lease, AT_REST);
      await acquire(store, "node-1", 21, 30);
      expect(await store.listDue(29, 10)).toEqual([]);
      expect(await store.listDue(30, 10)).toEqual([CONVERSATION]);
    });

    test("at the time its run gave, or at once when handed back", async () => {
      const { store } = opened();
      await begin(store);
      await store.releaseLease((await acquire(store, "node-1", 10, 20))!.lease, { ...AT_REST, wakeAt: 100 });
      expect(await store.listDue(99, 10)).toEqual([]);
      expect(await store.listDue(100, 10)).toEqual([CONVERSATION]);
      await store.releaseLease((await acquire(store, "node-1", 10, 20))!.lease, { ...AT_REST, runnable: true });
      expect(await store.listDue(11, 10)).toEqual([CONVERSATION]);
    });

    test("in the order of waiting, as many as asked for", async () => {
      const { store } = opened();
      for (const [index, id] of ["conversation-c", "conversation-a", "conversation-b"].entries())
        await store.append({ conversationId: id, at: index, create: CREATE, events: [message("message-1")] });
      await store.append({ conversationId: "conversation-c", at: 9, events: [message("message-2")] });
      expect(await store.listDue(10, 2)).toEqual(["conversation-c", "conversation-a"]);
      expect(await store.listDue(10, 10)).toEqual(["conversation-c", "conversation-a", "conversation-b"]);
    });

    test("not by what nobody has to answer, which leaves it due as it was", async () => {
      const { store } = opened();
      const told = { conversationId: CONVERSATION, events: [heard()] };
      await store.append({ ...told, at: 1, create: CREATE });
      expect(await store.listDue(1_000, 10)).toEqual([]);
      await store.append({ conversationId: CONVERSATION, at: 2, events: [message("message-1")] });
      await store.append({ ...told, at: 3 });
      expect(await store.listDue(1_000, 10)).toEqual([CONVERSATION]);
      await store.releaseLease((await acquire(store, "node-1", 10, 20))!.lease, { ...AT_REST, seenSeq: 3, wakeAt: 100 });
      await store.append({ ...told, at: 30 });
      expect(await store.listDue(99, 10)).toEqual([]);
      expect(await store.listDue(100, 10)).toEqual([CONVERSATION]);
      await store.append({ ...told, at: 31, events: [heard(), stop()] });
      expect(await store.listDue(31, 10)).toEqual([CONVERSATION]);
    });

    test("not by a repeated message", async () => {
      const { store } = opened();
      await begin(store);
      await store.releaseLease((await acquire(store, "node-1", 10, 20))!.lease, AT_REST);
      await begin(store);
      expect(await store.listDue(1_000, 10)).toEqual([]);
    });
  });
}

function acquire(store: Store, holder: string, now: number, untilMs: number): ReturnType<Store["acquireLease"]> {
  return store.acquireLease({ conversationId: CONVERSATION, holder, now, untilMs });
}

async function isDead(store: Store, lease: Lease): Promise<void> {
  const before = await store.find(CONVERSATION);
  await expect(store.append({ conversationId: CONVERSATION, at: 21, lease, events: [stop()] })).rejects.toThrow(LeaseLostError);
  expect(await store.renewLease(lease, 1_000)).toBe(false);
  await expect(store.releaseLease(lease, { seenSeq: 100, openSeq: 7, runnable: false })).rejects.toThrow(LeaseLostError);
  expect(await store.find(CONVERSATION)).toEqual(before);
}
