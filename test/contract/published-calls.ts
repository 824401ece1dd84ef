import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PublishedCall, PublishedCallFilter, PublishedCalls } from "../../server/inbox/published-calls.ts";

/** A log for one test. `cleanup` leaves nothing behind. */
export interface OpenedPublishedCalls {
  readonly calls: PublishedCalls;
  cleanup(): Promise<void>;
}

/** The law of the `PublishedCalls` port. Every maker runs it in its own test file. */
export function publishedCallsContract(name: string, open: () => Promise<OpenedPublishedCalls>): void {
  describe(`${name}, as PublishedCalls`, () => {
    let opened: OpenedPublishedCalls;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    const call = (tool: string, more: Partial<PublishedCall> = {}): PublishedCall => ({
      server: "shop",
      key: "key-1",
      keyName: "CI",
      tool,
      arguments: "{}",
      result: "done",
      outcome: "ok",
      at: 1000,
      durationMs: 5,
      ...more,
    });
    const tools = async (filter: PublishedCallFilter = {}, more: { before?: number; limit?: number } = {}): Promise<readonly string[]> =>
      (await opened.calls.list("shop", { limit: 10, filter, ...more })).map(({ tool }) => tool);

    test("gives calls back whole, newest first, page by page, of one server only", async () => {
      const whole = call("one", {
        clientName: "Claude",
        clientVersion: "2",
        arguments: '{"a":"\\u0000\\ud800"}',
        outcome: "failed",
        cause: "Status 500",
        conversation: "talk-1",
        at: 1000.5,
      });
      await opened.calls.record([whole, call("two"), call("other", { server: "club" })]);
      await opened.calls.record([call("three")]);
      expect(await tools()).toEqual(["three", "two", "one"]);
      const [third, second, first] = await opened.calls.list("shop", { limit: 10, filter: {} });
      expect(first).toEqual({ ...whole, id: first!.id });
      expect(await tools({}, { before: third!.id, limit: 1 })).toEqual(["two"]);
      expect(await tools({}, { before: second!.id })).toEqual(["one"]);
    });

    test("finds by key, tool, outcome, time, and by a part of what was said, whatever its case", async () => {
      await opened.calls.record([
        call("one", { key: "key-2", at: 1000 }),
        call("two", { outcome: "refused", at: 2000 }),
        call("three", { result: "Order 1042 WAS shipped", clientName: "Übung", at: 3000 }),
      ]);
      expect(await tools({ key: "key-2" })).toEqual(["one"]);
      expect(await tools({ tool: "two" })).toEqual(["two"]);
      expect(await tools({ outcome: "refused" })).toEqual(["two"]);
      expect(await tools({ from: 2000 })).toEqual(["three", "two"]);
      expect(await tools({ to: 2000 })).toEqual(["one"]);
      expect(await tools({ q: "1042 was" })).toEqual(["three"]);
      expect(await tools({ q: "übung" })).toEqual(["three"]);
      expect(await tools({ q: "%" })).toEqual([]);
    });

    test("counts per key, the one that was used last first, with its newest name", async () => {
      await opened.calls.record([
        call("one", { key: "a", keyName: "old", at: 1 }),
        call("one", { key: "a", keyName: "new", at: 5, outcome: "failed" }),
        call("one", { key: "b", keyName: "b", at: 9, clientName: "Claude", clientVersion: "2" }),
        call("one", { key: "c", server: "club" }),
      ]);
      expect(await opened.calls.usage("shop", {})).toEqual([
        { key: "b", keyName: "b", calls: 1, failed: 0, lastAt: 9, clientName: "Claude", clientVersion: "2" },
        { key: "a", keyName: "new", calls: 2, failed: 1, lastAt: 5 },
      ]);
      expect(await opened.calls.usage("shop", { from: 2, to: 9 })).toMatchObject([{ key: "a", calls: 1 }]);
    });

    test("keeps tests by hand beside calls, found by who tested, and counts them under no key", async () => {
      const { key: _key, keyName: _keyName, ...tested } = call("two", { tester: { id: "ada", name: "Ada Lovelace" } });
      await opened.calls.record([
        call("one", { clientName: "Claude", clientVersion: "2" }),
        tested,
        call("three", { clientName: "Cursor" }),
      ]);
      expect(await tools()).toEqual(["three", "two", "one"]);
      expect(await tools({ tests: true })).toEqual(["two"]);
      expect(await tools({ tests: false })).toEqual(["three", "one"]);
      expect(await tools({ q: "lovelace" })).toEqual(["two"]);
      const [, second] = await opened.calls.list("shop", { limit: 10, filter: {} });
      expect(second).toEqual({ ...tested, id: second!.id });
      expect(await opened.calls.usage("shop", {})).toMatchObject([{ key: "key-1", calls: 2 }]);
    });

    test("keeps the first of each step, and forgets calls that are too old", async () => {
      expect(await opened.calls.first("shop")).toEqual({});
      await opened.calls.reached("shop", "connected", 5);
      await opened.calls.reached("shop", "connected", 9);
      await opened.calls.reached("shop", "called", 9);
      await opened.calls.reached("club", "listed", 9);
      expect(await opened.calls.first("shop")).toEqual({ connected: 5, called: 9 });
      await opened.calls.record([call("old", { at: 1 }), call("new", { at: 2 })]);
      await opened.calls.forget(2);
      expect(await tools()).toEqual(["new"]);
      expect(await opened.calls.first("shop")).toEqual({ connected: 5, called: 9 });
    });
  });
}
