import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DocumentStore } from "../../server/documents/ports.ts";
import type { CallFilter, CallList, CallRecord } from "../../server/inbox/calls.ts";

/**
 * A list of calls for one test, and the documents with whose audit log it is written. `cleanup` leaves nothing behind.
 */
export interface OpenedCalls {
  readonly calls: CallList;
  readonly documents: DocumentStore;
  cleanup(): Promise<void>;
}

/**
 * The law of what the `CallList` port keeps of tests by hand. Every maker runs it in its own test file; calls of
 * conversations come from the journal (`test/store/call-records.test.ts`).
 */
export function callListContract(name: string, open: () => Promise<OpenedCalls>): void {
  describe(`${name}, as a CallList: tests by hand`, () => {
    let opened: OpenedCalls;
    const calls = (): CallList => opened.calls;

    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    const call = (callId: string, at: number, more: Partial<CallRecord> = {}): Omit<CallRecord, "cursor"> => ({
      callId,
      at,
      server: "orders",
      tool: "lookup",
      person: "ada",
      outcome: "ok",
      ...more,
    });
    const found = async (filter: CallFilter): Promise<readonly string[]> =>
      (await calls().listCalls({ limit: 10, filter })).map((record) => record.callId);

    test("are given back whole, newest first, in pages", async () => {
      const whole = call("call-1", 5, {
        person: "person-1",
        personName: "Ada",
        arguments: { order: "1", none: null },
        outcome: "failed",
        cause: "Status 500",
        startedAt: 5,
        endedAt: 9,
        durationMs: 4,
      });
      await calls().recordTest(whole);
      await calls().recordTest(call("call-2", 6));
      await calls().recordTest(call("call-3", 6));
      const records = await calls().listCalls({ limit: 10, filter: {} });
      expect(records.map((record) => record.callId)).toEqual(["call-3", "call-2", "call-1"]);
      expect(records[2]).toEqual({ ...whole, cursor: records[2]!.cursor });
      expect(records.map((record) => record.cursor)).toEqual(
        records
          .map((record) => record.cursor)
          .toSorted()
          .toReversed(),
      );
      expect(await calls().listCalls({ before: records[0]!.cursor, limit: 1, filter: {} })).toEqual([records[1]]);
    });

    test("bring their audit entries, written with them", async () => {
      const audit = {
        by: { kind: "person", id: "ada", name: "Ada" },
        action: "server-tool.call",
        target: { kind: "server-tool", id: "x" },
      } as const;
      await calls().recordTest(call("call-1", 5, { startedAt: 5, endedAt: 9 }), [audit]);
      await calls().recordTest(call("call-2", 6), [audit]);
      const entries = await opened.documents.listAudit({ limit: 10, filter: {} });
      expect(entries).toMatchObject([
        { ...audit, at: 9 },
        { ...audit, at: 6 },
      ]);
    });

    test("are filtered by what they have", async () => {
      await calls().recordTest(call("call-1", 5));
      await calls().recordTest(call("call-2", 6, { server: "http", tool: "stock", outcome: "unknown" }));
      expect(await found({ server: "http" })).toEqual(["call-2"]);
      expect(await found({ server: "orders", tool: "lookup" })).toEqual(["call-1"]);
      expect(await found({ tool: "stock" })).toEqual(["call-2"]);
      expect(await found({ outcome: "unknown" })).toEqual(["call-2"]);
      expect(await found({ from: 6 })).toEqual(["call-2"]);
      expect(await found({ to: 6 })).toEqual(["call-1"]);
      expect(await found({ conversation: "conversation-1" })).toEqual([]);
      expect(await found({ assistant: "shop" })).toEqual([]);
      expect(await found({ customer: "customer-1" })).toEqual([]);
    });
  });
}
