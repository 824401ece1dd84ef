import { describe, expect, test } from "vitest";
import type { OpenedStore } from "./opened-store.ts";
import { ask, begin, CONVERSATION, CREATE, decided, ended, message, proposed, summary } from "./store-drafts.ts";

const HOSTILE = {
  NUL: "before\0after",
  "a lone surrogate": "before\ud800after",
  "a lone low surrogate": "\udfff",
  emoji: "👩‍🚀🏳️‍🌈",
  quotes: `'; drop table events; -- " \` \\`,
  "line ends": "a\r\nb\u2028c\u2029d",
  placeholders: "? $1 :name @name %s ${x}",
  "right to left": "\u202Eabc\u202C",
  nothing: "",
} as const;

export function storeKeepsTexts(opened: () => OpenedStore): void {
  describe("what people, models and tools write", () => {
    for (const [name, text] of Object.entries(HOSTILE))
      test(`comes back exactly: ${name}`, async () => {
        const { store } = opened();
        await begin(store);
        await store.append({
          conversationId: CONVERSATION,
          at: 2,
          events: [message("message-2", text), proposed("call-0001", { arguments: { [text]: text } }), ended("call-0001")],
          results: { "call-0001": { content: [{ kind: "text", text }], structured: { [text]: [text] } } },
        });
        expect(await store.readFrom(CONVERSATION, 2, 2)).toMatchObject([{ text }, { arguments: { [text]: text } }]);
        expect(await store.readResult(CONVERSATION, "call-0001")).toEqual({
          content: [{ kind: "text", text }],
          structured: { [text]: [text] },
        });
      });

    test("comes back exactly: keys that objects have from elsewhere", async () => {
      const { store } = opened();
      await begin(store);
      const json = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":1},"toString":"x","1":1,"deep":{"__proto__":[]}}';
      await store.append({
        conversationId: CONVERSATION,
        at: 2,
        events: [proposed("call-0001", { arguments: JSON.parse(json) }), ended("call-0001")],
        results: { "call-0001": { content: [], structured: JSON.parse(json) } },
      });
      const call = await store.findCall(CONVERSATION, "call-0001");
      const result = await store.readResult(CONVERSATION, "call-0001");
      const normal = JSON.stringify(JSON.parse(json));
      expect(JSON.stringify(call?.type === "tool-call-proposed" && call.arguments)).toBe(normal);
      expect(JSON.stringify(result!.structured)).toBe(normal);
      expect(Object.hasOwn({}, "isAdmin") || "isAdmin" in {}).toBe(false);
    });

    test("is not looked up by names that objects have from elsewhere", async () => {
      const { store } = opened();
      await begin(store);
      await store.append({ conversationId: CONVERSATION, at: 2, events: [ended("constructor")], results: {} });
      expect(await store.readResult(CONVERSATION, "constructor")).toBeUndefined();
      expect(await store.find("__proto__")).toBeUndefined();
    });
  });

  test("closing and opening keeps everything", async () => {
    const { store } = opened();
    await ask(store);
    await store.append({
      conversationId: CONVERSATION,
      at: 3,
      events: [decided("approval-1", "call-0001", { scope: "conversation" }), ended("call-0001"), summary(1)],
      results: { "call-0001": { content: [{ kind: "text", text: "done" }] } },
    });
    const { lease } = (await store.acquireLease({ conversationId: CONVERSATION, holder: "node-1", now: 10, untilMs: 20 }))!;
    await store.releaseLease(lease, { seenSeq: 6, openSeq: 7, runnable: false, wakeAt: 100 });
    const journal = await store.readFrom(CONVERSATION, 1, 100);

    const again = await opened().reopen();
    expect(await again.find(CONVERSATION)).toEqual({ id: CONVERSATION, ...CREATE, lastSeq: 6, openSeq: 7, summarySeq: 6 });
    expect(await again.readFrom(CONVERSATION, 1, 100)).toEqual(journal);
    expect(await again.readResult(CONVERSATION, "call-0001")).toEqual({ content: [{ kind: "text", text: "done" }] });
    expect(await again.findCall(CONVERSATION, "call-0001")).toMatchObject({ seq: 2 });
    expect((await again.findApproval("approval-1"))!.status).toBe("approved");
    expect(await again.grants(CONVERSATION)).toHaveLength(1);
    expect(await again.listDue(99, 10)).toEqual([]);
    expect(await again.listDue(100, 10)).toEqual([CONVERSATION]);
    expect(await again.append({ conversationId: CONVERSATION, at: 30, events: [message("message-1")] })).toEqual({
      events: [],
      repeated: 1,
    });
    const taken = await again.acquireLease({ conversationId: CONVERSATION, holder: "node-1", now: 30, untilMs: 40 });
    expect(taken!.lease.fence).toBeGreaterThan(lease.fence);
  });
}
