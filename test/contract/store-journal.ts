import { describe, expect, test } from "vitest";
import type { EventDraft, JournalEvent } from "../../protocol/events.ts";
import { ConversationMissingError, ConversationTakenError, JournalMovedError } from "../../server/conversation/ports/errors.ts";
import type { OpenedStore } from "./opened-store.ts";
import { begin, CONVERSATION, CREATE, CUSTOMER, ended, heard, message, proposed, stop, summary, TURN } from "./store-drafts.ts";

export function storeKeepsJournals(opened: () => OpenedStore): void {
  describe("the journal", () => {
    test("numbers events from 1 and gives them back as they were appended", async () => {
      const { store } = opened();
      const first = await store.append({ conversationId: CONVERSATION, at: 5, create: CREATE, events: [message("message-1", "Hello")] });
      const second = await store.append({ conversationId: CONVERSATION, at: 6, events: [proposed("call-0001"), stop()] });

      expect(first.events).toEqual([{ type: "message-received", messageId: "message-1", text: "Hello", by: CUSTOMER, seq: 1, at: 5 }]);
      expect(second.events.map(({ seq, at }) => [seq, at])).toEqual([
        [2, 6],
        [3, 6],
      ]);
      expect(await store.readFrom(CONVERSATION, 1, 10)).toEqual([...first.events, ...second.events]);
      expect(await store.find(CONVERSATION)).toEqual({ id: CONVERSATION, ...CREATE, lastSeq: 3, openSeq: 1, summarySeq: 0 });
    });

    test("takes an entry that holds only after a certain number once, whoever writes it at once", async () => {
      const { store } = opened();
      await store.append({ conversationId: CONVERSATION, at: 1, create: CREATE, events: [message("message-1"), proposed("call-0001")] });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () => store.append({ conversationId: CONVERSATION, at: 2, afterSeq: 2, events: [stop()] })),
      );
      expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
      for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(JournalMovedError);
      expect((await store.find(CONVERSATION))!.lastSeq).toBe(3);
      await store.append({ conversationId: CONVERSATION, at: 3, afterSeq: 3, events: [stop()] });
      expect((await store.find(CONVERSATION))!.lastSeq).toBe(4);
    });

    test("has no gap and no double after 200 appends at once, in one conversation and in many", async () => {
      const { store } = opened();
      const ids = ["conversation-1", "conversation-2", "conversation-3"];
      const appended = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          store.append({
            conversationId: ids[index % ids.length]!,
            at: index,
            create: CREATE,
            events: [message(`message-${index}`), stop()],
          }),
        ),
      );
      for (const [index, { events }] of appended.entries()) {
        expect(events[1]!.seq).toBe(events[0]!.seq + 1);
        expect(await store.readFrom(ids[index % ids.length]!, events[0]!.seq, 2)).toEqual(events);
      }
      for (const id of ids) {
        const journal = await store.readFrom(id, 1, 1_000);
        expect(journal.map((event) => event.seq)).toEqual(journal.map((_, index) => index + 1));
        expect((await store.find(id))!.lastSeq).toBe(journal.length);
      }
    });

    test("keeps a repeated message once: the first text wins, also when both come at once", async () => {
      const { store } = opened();
      const [first, repeat] = await Promise.all([
        store.append({ conversationId: CONVERSATION, at: 1, create: CREATE, events: [message("message-1", "first")] }),
        store.append({ conversationId: CONVERSATION, at: 2, create: CREATE, events: [message("message-1", "second"), stop()] }),
      ]);
      const before = await store.find(CONVERSATION);
      const later = await store.append({ conversationId: CONVERSATION, at: 3, events: [message("message-1", "third")] });

      expect(first.repeated).toBeUndefined();
      expect(repeat).toEqual({ events: [], repeated: 1 });
      expect(later).toEqual({ events: [], repeated: 1 });
      expect(await store.find(CONVERSATION)).toEqual(before);
      expect(await store.readFrom(CONVERSATION, 1, 10)).toMatchObject([{ text: "first" }]);
    });

    test("writes once what has a name, also when both come at once, and as nobody's message", async () => {
      const { store } = opened();
      await begin(store);
      const once = { conversationId: CONVERSATION, at: 2, once: "speech 1" };
      const both = await Promise.all([
        store.append({ ...once, events: [heard("first")] }),
        store.append({ ...once, events: [heard("second")] }),
      ]);
      expect(both).toMatchObject([{ events: [{ seq: 2, text: "first" }] }, { events: [], repeated: 2 }]);
      expect(await store.append({ ...once, events: [message("message-2")] })).toEqual({ events: [], repeated: 2 });
      const other = await store.append({ ...once, conversationId: "conversation-2", create: CREATE, events: [heard()] });
      expect(other.events).toHaveLength(1);
    });

    test("takes the same message id in another conversation", async () => {
      const { store } = opened();
      await begin(store);
      const other = await store.append({ conversationId: "conversation-2", at: 1, create: CREATE, events: [message("message-1")] });
      expect(other.repeated).toBeUndefined();
      expect(other.events[0]!.seq).toBe(1);
    });

    test("refuses an entry for a conversation that nobody began", async () => {
      const { store } = opened();
      await expect(store.append({ conversationId: CONVERSATION, at: 1, events: [stop()] })).rejects.toThrow(ConversationMissingError);
      expect(await store.find(CONVERSATION)).toBeUndefined();
      expect(await store.readFrom(CONVERSATION, 1, 10)).toEqual([]);
      expect(await store.listDue(1_000, 10)).toEqual([]);
    });

    test("refuses the conversation of another customer or another assistant, even for a repeated message", async () => {
      const { store } = opened();
      await begin(store);
      const before = await store.find(CONVERSATION);
      for (const create of [
        { ...CREATE, customerId: "customer-2" },
        { ...CREATE, assistant: "billing" },
      ])
        for (const id of ["message-1", "message-2"])
          await expect(store.append({ conversationId: CONVERSATION, at: 2, create, events: [message(id)] })).rejects.toThrow(
            ConversationTakenError,
          );
      expect(await store.find(CONVERSATION)).toEqual(before);
      expect(await store.readFrom(CONVERSATION, 1, 10)).toHaveLength(1);
    });

    test("writes nothing of an append of which one event is refused", async () => {
      const { store } = opened();
      await begin(store);
      const before = await store.find(CONVERSATION);
      const events = [message("message-2"), proposed("call-0001"), summary(1), proposed("call-0001")];
      const [refused, beside] = await Promise.allSettled([
        store.append({ conversationId: CONVERSATION, at: 2, events }),
        store.append({ conversationId: "conversation-2", at: 2, create: CREATE, events: [message("message-1")] }),
      ]);
      expect(refused.status).toBe("rejected");
      expect(beside.status).toBe("fulfilled");
      expect(await store.find(CONVERSATION)).toEqual(before);
      expect(await store.findCall(CONVERSATION, "call-0001")).toBeUndefined();
      expect((await store.append({ conversationId: CONVERSATION, at: 3, events: [message("message-2")] })).events[0]!.seq).toBe(2);
    });

    test("is read in pages, forwards and backwards", async () => {
      const { store } = opened();
      await begin(store);
      await store.append({ conversationId: CONVERSATION, at: 2, events: Array.from({ length: 9 }, stop) });

      expect(await seqs(store.readFrom(CONVERSATION, 4, 3))).toEqual([4, 5, 6]);
      expect(await seqs(store.readFrom(CONVERSATION, 9, 10))).toEqual([9, 10]);
      expect(await seqs(store.readFrom(CONVERSATION, 11, 10))).toEqual([]);
      expect(await seqs(store.readBefore(CONVERSATION, 4, 2))).toEqual([2, 3]);
      expect(await seqs(store.readBefore(CONVERSATION, 3, 10))).toEqual([1, 2]);
      expect(await seqs(store.readBefore(CONVERSATION, 1, 10))).toEqual([]);
      expect(await seqs(store.readBefore(CONVERSATION, Number.MAX_SAFE_INTEGER, 2))).toEqual([9, 10]);
    });

    test("is read in pages of so many bytes, each with one event at least", async () => {
      const { store } = opened();
      await begin(store);
      const texts = ["a", "b", "c"].map((id) => message(`message-${id}`, id.repeat(1_000)));
      await store.append({ conversationId: CONVERSATION, at: 2, events: texts });
      expect(await seqs(store.readFrom(CONVERSATION, 2, 10, 2_500))).toEqual([2, 3]);
      expect(await seqs(store.readFrom(CONVERSATION, 2, 1, 2_500))).toEqual([2]);
      expect(await seqs(store.readFrom(CONVERSATION, 2, 10, 1))).toEqual([2]);
      expect(await seqs(store.readFrom(CONVERSATION, 5, 10, 1))).toEqual([]);
      expect(await seqs(store.readBefore(CONVERSATION, 5, 10, 2_500))).toEqual([3, 4]);
      expect(await seqs(store.readBefore(CONVERSATION, 5, 10, 1))).toEqual([4]);
      expect(await seqs(store.readBefore(CONVERSATION, 5, 10, 1_000_000))).toEqual([1, 2, 3, 4]);
    });

    test("is as it was after a write was tried", async () => {
      const { store } = opened();
      await begin(store);
      const before = await store.find(CONVERSATION);
      await Promise.all([store.tryWrite(), store.tryWrite()]);
      expect(await store.find(CONVERSATION)).toEqual(before);
      expect(await seqs(store.readFrom(CONVERSATION, 1, 10))).toEqual([1]);
    });

    test("gives what turns and requests are about without the rest", async () => {
      const { store } = opened();
      await begin(store);
      const by = CUSTOMER;
      const of = { turnId: TURN, callId: "call-0001", requestId: "request-1" };
      const asked: EventDraft = {
        type: "input-requested",
        ...of,
        server: "shop",
        serverName: "Shop",
        mode: "form",
        message: "?",
        expiresAt: 9,
      };
      await store.append({
        conversationId: CONVERSATION,
        at: 2,
        events: [
          { type: "turn-started", turnId: TURN, messageId: "message-1" },
          asked,
          { type: "input-decided", ...of, action: "decline", by },
          { type: "turn-ended", turnId: TURN, outcome: "failed" },
          message("message-2"),
          { type: "retry-requested", turnId: TURN, messageId: "message-1" },
        ],
      });
      expect(await seqs(store.readTurns(CONVERSATION, 10))).toEqual([2, 5, 7]);
      expect(await seqs(store.readTurns(CONVERSATION, 2))).toEqual([5, 7]);
      expect(await seqs(store.readTurns("conversation-2", 2))).toEqual([]);
      expect(await seqs(store.readRequests(CONVERSATION, 1))).toEqual([3, 4]);
      expect(await seqs(store.readRequests(CONVERSATION, 4))).toEqual([4]);
    });

    test("knows its newest summary, its calls and their whole results", async () => {
      const { store } = opened();
      await begin(store);
      const result = { content: [{ kind: "text", text: "x".repeat(8_000_000) }], structured: { orders: [1042] } } as const;
      await store.append({ conversationId: CONVERSATION, at: 2, events: [summary(1), proposed("call-0001"), summary(1)] });
      await store.append({
        conversationId: CONVERSATION,
        at: 3,
        events: [ended("call-0001")],
        results: { "call-0001": result, "call-0002": result },
      });

      expect((await store.find(CONVERSATION))!.summarySeq).toBe(4);
      expect(await store.findCall(CONVERSATION, "call-0001")).toMatchObject({ type: "tool-call-proposed", callId: "call-0001", seq: 3 });
      expect(await store.findCall(CONVERSATION, "call-0002")).toBeUndefined();
      expect(await store.findCall("conversation-2", "call-0001")).toBeUndefined();
      expect(await store.readResult(CONVERSATION, "call-0001")).toEqual(result);
      expect(await store.readResult(CONVERSATION, "call-0002")).toBeUndefined();
      expect(await store.readResult("conversation-2", "call-0001")).toBeUndefined();
    });

    test("keeps the first view of a result beside it, each by its name, for as long as the result", async () => {
      const { store } = opened();
      await begin(store);
      const content = [{ kind: "text", text: "x".repeat(100_000) }] as const;
      const view = { content: [{ kind: "text", text: "x" }], structured: { __proto__: null, a: 1 }, cutToBytes: 1 } as const;
      const keep = (callId: string, text = "x") =>
        store.keepResultView(CONVERSATION, callId, "details", { ...view, content: [{ kind: "text", text }] });
      const call = [CONVERSATION, "call-0001"] as const;
      await expect(keep("call-0001")).rejects.toThrow();
      await store.append({ conversationId: CONVERSATION, at: 2, events: [ended("call-0001")], results: { "call-0001": { content } } });
      expect(await store.readResultView(...call, "details")).toBeUndefined();
      await keep("call-0001");
      await keep("call-0001", "later");
      expect(await store.readResultView(...call, "details")).toEqual({ ...view, structured: { a: 1 } });
      expect(await store.readResultView(...call, "media")).toBeUndefined();
      expect(await store.readResult(...call)).toEqual({ content });

      await store.append({ conversationId: CONVERSATION, at: 3, events: [summary(1)], forgetResults: ["call-0001"] });
      expect(await store.readResultView(...call, "details")).toBeUndefined();
      await expect(keep("call-0001")).rejects.toThrow();
    });

    test("forgets results with the events that say so, and only those of the conversation", async () => {
      const { store } = opened();
      const content = [{ kind: "text", text: "42" }] as const;
      for (const conversationId of [CONVERSATION, "conversation-2"])
        await store.append({
          conversationId,
          at: 1,
          create: CREATE,
          events: [ended("call-0001"), ended("call-0002")],
          results: { "call-0001": { content }, "call-0002": { content } },
        });
      const forget = { conversationId: CONVERSATION, at: 2, forgetResults: ["call-0001", "call-never"] };
      await expect(store.append({ ...forget, lease: { conversationId: CONVERSATION, fence: 9 }, events: [stop()] })).rejects.toThrow();
      expect(await store.readResult(CONVERSATION, "call-0001")).toEqual({ content });
      await store.append({ ...forget, events: [stop()] });
      expect(await store.readResult(CONVERSATION, "call-0001")).toBeUndefined();
      expect(await store.readResult(CONVERSATION, "call-0002")).toEqual({ content });
      expect(await store.readResult("conversation-2", "call-0001")).toEqual({ content });
    });
  });
}

async function seqs(reading: Promise<readonly JournalEvent[]>): Promise<readonly number[]> {
  return (await reading).map((event) => event.seq);
}
