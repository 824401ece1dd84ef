import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import type { CallFilter, CallRecord } from "../../server/inbox/calls.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import {
  approvalRequested,
  begin,
  CONVERSATION,
  CREATE,
  CUSTOMER,
  decided,
  ended,
  message,
  proposed,
  started,
  TURN,
} from "../contract/store-drafts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("the list of calls", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: OpenedStore;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  const write = (at: number, ...events: readonly EventDraft[]) => store.append({ conversationId: CONVERSATION, at, events });
  const calls = (filter: CallFilter = {}): Promise<readonly CallRecord[]> => store.calls.listCalls({ limit: 100, filter });
  const only = async (): Promise<CallRecord> => {
    const [call, ...others] = await calls();
    expect(others).toEqual([]);
    return call!;
  };
  const about = { turnId: TURN, callId: "call-0001" } as const;

  test("follows a call from its proposal to its end", async () => {
    await begin(store);
    await write(10, proposed("call-0001"), approvalRequested("approval-1", "call-0001"));
    const begun = {
      callId: "call-0001",
      at: 10,
      assistant: "shop",
      conversation: CONVERSATION,
      customer: "customer-1",
      seq: 2,
      server: "orders",
      serverName: "Orders",
      title: "Refund an order",
      tool: "refund_order",
    };
    const first = await only();
    expect(first).toEqual({ ...begun, cursor: first.cursor, outcome: "waiting", arguments: { order: "1042" } });
    await write(20, decided("approval-1", "call-0001", { by: { kind: "staff", id: "person-1", name: "Ada" } }));
    expect(await only()).toMatchObject({ outcome: "waiting", approval: { decision: "approved", by: "person-1", byName: "Ada", at: 20 } });
    await write(30, started("call-0001", "approval-1"));
    expect(await only()).toMatchObject({ outcome: "running", startedAt: 30 });
    await write(40, { type: "tool-call-ended", ...about, outcome: "failed", durationMs: 9.5, cause: "Status 500\0" });
    expect(await only()).toEqual({
      ...begun,
      cursor: first.cursor,
      arguments: { order: "1042" },
      outcome: "failed",
      startedAt: 30,
      endedAt: 40,
      durationMs: 9.5,
      cause: "Status 500\u{fffd}",
      approval: { decision: "approved", by: "person-1", byName: "Ada", at: 20 },
    });
  });

  test("says waiting while a person or a sign-in is awaited, and running again after", async () => {
    await begin(store);
    const asked = { ...about, requestId: "request-1", server: "orders", serverName: "Orders", expiresAt: 99 } as const;
    const outcomes: string[] = [];
    const events: readonly EventDraft[] = [
      proposed("call-0001"),
      started("call-0001"),
      { type: "connection-requested", ...asked, scopes: [], reason: "first" },
      { type: "tool-call-started", ...about, attempt: 2 },
      { type: "input-requested", ...asked, mode: "form", message: "Which one?", fields: [] },
      { type: "input-decided", ...about, requestId: "request-1", action: "accept", by: CUSTOMER },
      { type: "tool-call-paused", ...about, inputs: {} },
      { type: "tool-call-resumed", ...about },
      ended("call-0001"),
    ];
    for (const event of events) {
      await write(10 + outcomes.length, event);
      outcomes.push((await only()).outcome);
    }
    expect(outcomes).toEqual(["waiting", "running", "waiting", "running", "waiting", "running", "waiting", "running", "ok"]);
    expect((await only()).startedAt).toBe(11);
  });

  test("takes what a person says about a call that ended unknown, and why one was refused", async () => {
    await begin(store);
    await write(10, proposed("call-0001"), started("call-0001"), { type: "tool-call-ended", ...about, outcome: "unknown" });
    expect(await only()).toMatchObject({ outcome: "unknown" });
    await write(11, { type: "tool-call-settled", callId: "call-0001", by: { kind: "staff", id: "person-1" }, outcome: "ok" });
    expect(await only()).toMatchObject({ outcome: "ok", endedAt: 10 });
    await write(12, proposed("call-0002"), {
      type: "tool-call-ended",
      ...about,
      callId: "call-0002",
      outcome: "refused",
      refusal: "expired",
    });
    expect((await calls())[0]).toMatchObject({ callId: "call-0002", outcome: "refused", refusal: "expired" });
  });

  test("has HTTP tools, and none of our own; arguments that are no object as the model wrote them", async () => {
    await begin(store);
    const tool = (source: "http" | "host") => ({ source, server: source, serverName: source, tool: "one", title: "One" }) as const;
    const { arguments: _none, ...unparsed } = proposed("call-http", { tool: tool("http"), argumentsText: "{oops" }) as {
      arguments: unknown;
    };
    await write(10, unparsed as EventDraft, proposed("call-host", { tool: tool("host") }), started("call-host"), ended("call-host"));
    expect(await only()).toMatchObject({ callId: "call-http", server: "http", arguments: "{oops" });
  });

  test("is written or undone with its events", async () => {
    await begin(store);
    await expect(write(10, proposed("call-0001"), proposed("call-0001"))).rejects.toThrow();
    expect(await calls()).toEqual([]);
  });

  test("is filtered and paged over conversations and tests by hand", async () => {
    for (const [index, conversationId] of ["conversation-1", "conversation-2"].entries())
      await store.append({
        conversationId,
        at: 10 + index,
        create: { ...CREATE, customerId: `customer-${index + 1}` },
        events: [message("message-1"), proposed("call-0001"), ended("call-0001")],
      });
    await store.calls.recordTest({
      callId: "test-1",
      at: 11,
      server: "orders",
      tool: "refund_order",
      person: "person-1",
      outcome: "ok",
    });
    const named = (records: readonly CallRecord[]) => records.map((call) => call.conversation ?? call.person);
    expect(named(await calls())).toEqual(["person-1", "conversation-2", "conversation-1"]);
    expect(named(await calls({ customer: "customer-2", assistant: "shop", outcome: "ok" }))).toEqual(["conversation-2"]);
    expect(named(await calls({ conversation: "conversation-1" }))).toEqual(["conversation-1"]);
    expect(named(await calls({ server: "orders", tool: "refund_order", from: 11 }))).toEqual(["person-1", "conversation-2"]);
    const paged: CallRecord[] = [];
    for (;;) {
      const before = paged.at(-1)?.cursor;
      const page = await store.calls.listCalls({ limit: 1, filter: {}, ...(before === undefined ? {} : { before }) });
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(paged).toEqual(await calls());
    expect(await store.calls.listCalls({ before: "no place", limit: 1, filter: {} })).toEqual([]);
  });
});
